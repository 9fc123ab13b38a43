"""Forms about agencies, groups and fields of work."""

from collections.abc import Iterable
from typing import Any

from email_validator import EmailNotValidError, validate_email
from wtforms import (
    DateField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import CheckboxInput

from ntmtasks.agencies.labels import KINDS
from ntmtasks.agencies.models import Agency, AgencyGroup, FieldOwner
from ntmtasks.agencies.rules import AgencyKind
from ntmtasks.agencies.service import AgencyCard, FieldCard
from ntmtasks.core.forms import Form, VersionedForm, at_most, filled

LAST_POSITION = 9999


def lines(text: str | None) -> tuple[str, ...]:
    """The lines of a text that say something, each once."""
    return tuple(dict.fromkeys(filter(None, (line.strip() for line in (text or "").split("\n")))))


def _address(_form: Any, field: Any) -> None:
    """An empty mailbox is fine. Domains for tests are too: the sample's addresses lead nowhere."""
    if not field.data:
        return
    try:
        validate_email(field.data, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        raise ValidationError("Hãy nhập một địa chỉ thư, ví dụ vanphong@cantho.gov.vn.") from None


def _position(_form: Any, field: Any) -> None:
    if field.data is not None and not 1 <= field.data <= LAST_POSITION:
        raise ValidationError(f"Hãy nhập một số từ 1 đến {LAST_POSITION}.")


class AgencyForm(Form):
    """A new agency."""

    name = StringField("Tên cơ quan", validators=[filled("Hãy nhập tên cơ quan."), at_most(200)])
    short_name = StringField("Tên ngắn", validators=[filled("Hãy nhập tên ngắn."), at_most(60)])
    kind = SelectField("Loại", choices={kind.value: word for kind, word in KINDS.items()})
    position = IntegerField("Thứ tự", validators=[_position])
    mailbox = StringField("Hộp thư", validators=[at_most(200), _address])
    phone = StringField("Điện thoại", validators=[at_most(60)])
    aliases = TextAreaField("Tên gọi khác", validators=[at_most(4000)])
    valid_from = DateField("Hoạt động từ ngày", validators=[Optional()])
    valid_to = DateField("Hoạt động đến hết ngày", validators=[Optional()])
    successor_id = SelectField("Cơ quan kế thừa", coerce=int)

    def offer(self, agencies: Iterable[Agency], agency_id: int | None = None) -> None:
        """Fill the list of successors: every agency but the one being edited."""
        others = [(a.id, a.short_name) for a in agencies if a.id != agency_id]
        self.successor_id.choices = [(0, "Không có"), *others]

    def validate_valid_to(self, field: Any) -> None:
        """The last day is not before the first."""
        if field.data and self.valid_from.data and field.data < self.valid_from.data:
            raise ValidationError("Ngày kết thúc phải từ ngày bắt đầu trở đi.")

    def card(self) -> AgencyCard:
        """What was written, after validation."""
        return AgencyCard(
            name=self.name.data or "",
            short_name=self.short_name.data or "",
            kind=AgencyKind(self.kind.data),
            position=self.position.data or 1,
            mailbox=self.mailbox.data or "",
            phone=self.phone.data or "",
            aliases=lines(self.aliases.data),
            valid_from=self.valid_from.data,
            valid_to=self.valid_to.data,
            successor_id=self.successor_id.data or None,
        )


class EditAgencyForm(AgencyForm, VersionedForm):
    """An agency that exists."""

    @classmethod
    def of(cls, agency: Agency, agencies: Iterable[Agency], **options: None) -> "EditAgencyForm":
        """The form as sent, or as the row stands; with `formdata=None` always the latter."""
        form = cls(
            **options,
            name=agency.name,
            short_name=agency.short_name,
            kind=agency.kind.value,
            position=agency.position,
            mailbox=agency.mailbox,
            phone=agency.phone,
            aliases="\n".join(alias.name for alias in agency.aliases),
            valid_from=agency.valid_from,
            valid_to=agency.valid_to,
            successor_id=agency.successor_id or 0,
            version=agency.version,
        )
        form.offer(agencies, agency.id)
        return form


class GroupForm(VersionedForm):
    """The other names and the members of a group."""

    aliases = TextAreaField("Tên gọi khác", validators=[at_most(4000)])
    members = SelectMultipleField("Thành viên", coerce=int, option_widget=CheckboxInput())

    @classmethod
    def of(cls, group: AgencyGroup, agencies: Iterable[Agency], **options: None) -> "GroupForm":
        """The form as sent, or as the group stands; with `formdata=None` always the latter."""
        form = cls(
            **options,
            aliases="\n".join(group.aliases),
            members=[agency.id for agency in group.members],
            version=group.version,
        )
        form.members.choices = [(agency.id, agency.name) for agency in agencies]
        return form


class FieldForm(VersionedForm):
    """A field of work, the phrases that speak of it, and who usually leads it."""

    name = StringField("Lĩnh vực", validators=[filled("Hãy nhập tên lĩnh vực."), at_most(200)])
    keywords = TextAreaField(
        "Từ khóa", validators=[filled("Hãy nhập ít nhất một từ khóa."), at_most(4000)]
    )
    agency_id = SelectField("Cơ quan thường chủ trì", coerce=int)
    position = IntegerField("Thứ tự", validators=[_position])

    @classmethod
    def of(
        cls, field: FieldOwner | None, agencies: Iterable[Agency], position: int, **options: None
    ) -> "FieldForm":
        """The form as sent, or as the field stands, with `formdata=None` always the latter; a new one
        gets `position`."""
        if field:
            form = cls(
                **options,
                name=field.name,
                keywords="\n".join(field.keywords),
                agency_id=field.agency_id,
                position=field.position,
                version=field.version,
            )
        else:
            form = cls(**options, position=position, version=0)
        form.agency_id.choices = [(agency.id, agency.short_name) for agency in agencies]
        return form

    def card(self) -> FieldCard:
        """What was written, after validation."""
        return FieldCard(
            name=self.name.data or "",
            keywords=lines(self.keywords.data),
            agency_id=self.agency_id.data,
            position=self.position.data or 1,
        )
