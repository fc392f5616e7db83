"""MNIST and Fashion-MNIST: the four IDX files or Keras's one, found, downloaded and checked."""

from typing import Final, Literal

from nnstudio.data.catalogue.fields import HeldOut, Revision, check_revision
from nnstudio.data.catalogue.known_set import IDX_NAMES, KnownSet, load_known
from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.dataset import Dataset
from nnstudio.data.progress import Progress
from nnstudio.spec import spec
from nnstudio.texts import mark

_PACKED: Final = tuple(f"{name}.gz" for name in IDX_NAMES)

MNIST: Final = KnownSet(
    kind="mnist",
    title="MNIST",
    class_names=tuple("0123456789"),
    image_shape=(28, 28),
    folders=("mnist", "MNIST", "MNIST/raw"),
    npz_names=("mnist.npz",),
    contents=(
        "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
        "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
        "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
        "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
    ),
    downloads=dict(
        zip(
            _PACKED,
            (
                "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
                "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
                "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
                "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
            ),
            strict=True,
        )
    ),
    mirrors=(
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
    ),
)

FASHION: Final = KnownSet(
    kind="fashion_mnist",
    title="Fashion-MNIST",
    class_names=(
        mark("T-shirt"),
        mark("trousers"),
        mark("pullover"),
        mark("dress"),
        mark("coat"),
        mark("sandal"),
        mark("shirt"),
        mark("sneaker"),
        mark("bag"),
        mark("ankle boot"),
    ),
    image_shape=(28, 28),
    folders=("fashion_mnist", "fashion-mnist", "fashion", "FashionMNIST/raw"),
    npz_names=("fashion_mnist.npz", "fashion-mnist.npz"),
    contents=(
        "2e487a6c89124f78f2d7521542223cafe96f7123c3ca13d447772ac6ecbb3012",
        "657fbd221bfc9f4198cc14b5619cc33ec57c58dd0e47af4d99d6650759e869a7",
        "c867c93ff95360594e8ec3287995350b824dd110b11595c0e13d5423f621867a",
        "3d0e6c6ea990b53b6f8f500a41cac93881d981b315f84578b7d915342ade01e9",
    ),
    downloads=dict(
        zip(
            _PACKED,
            (
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
            ),
            strict=True,
        )
    ),
    mirrors=(
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
    ),
)

KNOWN_SETS: Final = (MNIST, FASHION)


class _Published:
    """What sources of published sets have in common; `kind` says which set it is."""

    kind: str
    validation: float
    revision: int

    @property
    def share_held_out(self) -> tuple[float, float]:
        """Give the share of the 60,000 that `split` draws for validation; the test is official."""
        return self.validation, 0.0

    def load(self, places: DataPlaces, progress: Progress) -> Dataset:
        """Give the 70,000 pictures, the official test at the end; see `load_known` for errors."""
        (known,) = (one for one in KNOWN_SETS if one.kind == self.kind)
        check_revision(self.revision, newest=1, source=known.title)
        return load_known(known, others=KNOWN_SETS, places=places, progress=progress)


@spec(title="MNIST", help="70,000 handwritten digits, scanned (LeCun, Cortes and Burges).")
class Mnist(_Published):
    """60,000 digits to learn from, 10,000 to test, 28 × 28 pixels."""

    kind: Literal["mnist"] = "mnist"
    validation: HeldOut = 0.1
    revision: Revision = 1


@spec(title="Fashion-MNIST", help="70,000 pictures of clothes in ten classes (Zalando SE).")
class FashionMnist(_Published):
    """60,000 pictures of clothes to learn from, 10,000 to test, 28 × 28 pixels."""

    kind: Literal["fashion_mnist"] = "fashion_mnist"
    validation: HeldOut = 0.1
    revision: Revision = 1
