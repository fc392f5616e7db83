"""What a user can cause and mend; every other exception is a bug."""

from nnstudio.texts import Text, tr


class NnstudioError(Exception):
    """One clear sentence about what happened, and one about what to do.

    Parameters
    ----------
    template : str
        What happened, in English, with named values in braces.
    hint : str
        What to do about it, with the same named values; may be empty.
    **values : object
        What is put into both.

    Examples
    --------
    >>> str(NnstudioError("{file} is empty.", hint="Choose another file.", file="a.npz"))
    'a.npz is empty. Choose another file.'
    """

    def __init__(self, template: str, /, *, hint: str = "", **values: object) -> None:
        super().__init__(template)
        self.what = Text(template, values)
        self.hint = Text(hint, values)

    def __str__(self) -> str:
        """Give both sentences in the language in use."""
        if not self.hint.template:
            return str(self.what)
        return tr("{what} {hint}", what=self.what, hint=self.hint)
