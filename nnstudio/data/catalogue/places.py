"""Where sources look for files, keep what they made and put what they download."""

from dataclasses import dataclass, field
from pathlib import Path

from nnstudio import places


@dataclass(frozen=True)
class DataPlaces:
    """The folders of this machine that sources use; no Experiment ever names one.

    Attributes
    ----------
    folders : tuple of Path
        Where data sets may lie, the first found wins.
    cache : Path
        Where what was made is kept; may be deleted at any time.
    downloads : Path
        Where downloaded files go; looked into after `folders`.
    may_download : bool
        Whether the network may be asked at all.
    own : Path
        Where the sets lie that a person made: drawn digits and what was imported.
    """

    folders: tuple[Path, ...]
    cache: Path
    downloads: Path
    may_download: bool = False
    own: Path = field(default_factory=places.data_folder)

    @classmethod
    def standard(cls, *picked: Path, may_download: bool = True) -> "DataPlaces":
        """Give the places of this user: `picked` first, ``NNSTUDIO_DATA``, then the user's own."""
        return cls(
            folders=(*picked, *places.data_folders()),
            cache=places.cache_folder(),
            downloads=places.data_folder(),
            may_download=may_download,
        )
