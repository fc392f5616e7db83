"""The catalogues: extract every sentence from the code, merge, compile.

``python tests/translations.py`` updates ``resources/locale/*/LC_MESSAGES/nnstudio.po`` (new
sentences come in empty, gone ones go) and compiles it. Sentences are literals: see `Harvest`.
"""

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT: Final = Path(__file__).resolve().parent.parent
LOCALES: Final = ROOT / "resources" / "locale"
FIRST_ARGUMENT: Final = {"tr", "text", "Text", "mark"}
ERROR: Final = "NnstudioError"
KEYWORDS: Final = {"title", "help", "description", "hint", "choices"}

MessageId = str | tuple[str, str]


@dataclass
class Harvest(ast.NodeVisitor):
    """The sentences of one module: first arguments of `FIRST_ARGUMENT` calls and of our errors,
    both of ``tr_count``, and the keyword arguments named in `KEYWORDS`.
    """

    errors: frozenset[str] = frozenset({ERROR})
    found: list[tuple[MessageId, int]] = field(default_factory=list)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        if node.name in self.errors:
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "super().__init__":
                    self._take(call.args[0])
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        name = node.func.id if isinstance(node.func, ast.Name) else name
        if name in FIRST_ARGUMENT | self.errors and node.args:
            self._take(node.args[0])
        if name == "tr_count":
            one, many = (_literal(argument) for argument in node.args[:2])
            if one and many:
                self.found.append(((one, many), node.lineno))
        for keyword in node.keywords:
            if keyword.arg in KEYWORDS:
                self._take(keyword.value)
        self.generic_visit(node)

    def _take(self, value: ast.expr) -> None:
        if isinstance(value, ast.Tuple | ast.List):
            for item in value.elts:
                self._take(item)
        elif isinstance(value, ast.IfExp):
            self._take(value.body)
            self._take(value.orelse)
        elif sentence := _literal(value):
            self.found.append((sentence, value.lineno))


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def harvest() -> Iterator[tuple[MessageId, str]]:
    """Give every sentence of the code and the module in which it stands."""
    trees = modules()
    errors = _errors(trees.values())
    for module, tree in trees.items():
        visitor = Harvest(errors)
        visitor.visit(tree)
        for sentence, _ in visitor.found:
            yield sentence, module


def modules(package: str = "nnstudio") -> dict[str, ast.Module]:
    """Give the syntax tree of every module of a package by its path."""
    return {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted((ROOT / package).rglob("*.py"))
    }


def _errors(trees: Iterable[ast.Module]) -> frozenset[str]:
    """Give the names of `ERROR` and of every class that is derived from it."""
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    found = {ERROR}
    while more := {name for name, of in bases.items() if of & found} - found:
        found |= more
    return frozenset(found)


def template() -> Catalog:
    """Give a catalogue of all sentences, without translations."""
    catalog = Catalog(project="nnstudio", charset="utf-8", fuzzy=False)
    for sentence, module in harvest():
        catalog.add(sentence, locations=[(module, 0)])
    return catalog


def read(path: Path) -> Catalog:
    """Give the catalogue that `path` holds."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def compiled(catalog: Catalog) -> bytes:
    """Give the bytes of the compiled `catalog`."""
    buffer = BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def key(message: Message) -> str:
    """Give the sentence by which a catalogue knows `message`."""
    return message.id[0] if isinstance(message.id, list | tuple) else message.id


def merged(old: Catalog, new: Catalog, locale: str) -> Catalog:
    """Give the sentences of `new` with the translations of `old`, sorted."""
    result = Catalog(locale=locale, project="nnstudio", charset="utf-8", fuzzy=False)
    # a sentence that became a plural, or is none any more, is translated anew
    known = {(key(message), message.pluralizable): message.string for message in old if message.id}
    for message in sorted((one for one in new if one.id), key=key):
        places = sorted({place for place, _ in message.locations})
        result.add(
            message.id,
            known.get((key(message), message.pluralizable), ""),
            locations=[(place, 0) for place in places],
        )
    result.revision_date = result.creation_date = old.creation_date
    result.header_comment = f"# The sentences of nnstudio in {locale}."
    return result


def main() -> int:
    """Update and compile every catalogue; give the number of sentences still to translate."""
    empty = 0
    for path in sorted(LOCALES.glob("*/LC_MESSAGES/nnstudio.po")):
        catalog = merged(read(path), template(), path.parent.parent.name)
        with path.open("wb") as file:
            write_po(file, catalog, width=100, include_lineno=False, omit_header=False)
        path.with_suffix(".mo").write_bytes(compiled(read(path)))
        missing = [message for message in catalog if message.id and not _has_text(message)]
        empty += len(missing)
        sys.stdout.write(
            f"{path.relative_to(ROOT)}: {len(catalog)} sentences, {len(missing)} open\n"
        )
    return empty


def _has_text(message: Message) -> bool:
    parts = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return all(parts)


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
