"""Keeping a filter of the board."""

from wtforms import HiddenField, StringField

from ntmtasks.core.forms import Form, at_most, filled


class SaveFilterForm(Form):
    """The name of a filter; `address` is the filter, as the board's own address says it."""

    address = HiddenField()
    name = StringField("Tên bộ lọc", validators=[filled("Hãy đặt tên cho bộ lọc."), at_most(40)])
