"""How templates call what they are given.

Jinja asks each thing that is called what it wants besides the arguments, twice: the page, the globals or
whether to escape. Of what our templates call, macros alone want anything; a page calls two hundred things.
"""

from typing import Any

from jinja2 import runtime


class Context(runtime.Context):
    """The names that a template sees; what it calls gets its arguments alone."""

    def call(self, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """What comes of a call; a macro is also told whether its words are escaped where it stands."""
        if kwargs:
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
        if isinstance(called, runtime.Macro):
            return called(self.eval_ctx, *args, **kwargs)
        return called(*args, **kwargs)
