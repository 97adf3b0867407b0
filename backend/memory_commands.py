"""`flask --app backend memory export|import`: the translation memory as TMX files, one for a language."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from . import database_start, languages, services
from .contributions import memory_exchange, tmx
from .errors import PaperglotError
from .languages import Language
from .services import Services

_PAGE = 500


@click.group("memory")
def memory() -> None:
    """Carry the translation memory from one server, or program, to another."""


@memory.command("export")
@click.option("--lang", required=True, help="A tag, such as zh-Hans.")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@with_appcontext
def export_memory(lang: str, file: Path) -> None:
    """Write the translations into a language to FILE, as TMX 1.4b."""
    ours = _services()
    try:
        language = languages.find(lang)
        _name_sources(ours, language)
        translator = ours.translator
        models = {translator.model_name, *translator.memory.models()}
        unfinished = file.with_name(file.name + ".part")
        with unfinished.open("wb") as out:
            number = tmx.write(memory_exchange.units(ours.engine, language, models=models), out)
        unfinished.replace(file)
    except PaperglotError as error:
        raise click.ClickException(error.detail) from None
    finally:
        ours.close()
    click.echo(f"{number} translations into {language.tag} are in {file}")


@memory.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def import_memory(file: Path) -> None:
    """Keep the translations of a TMX file, of any program, from English into our languages.

    Each is checked as if the model had just written it. What is kept already makes way for a better one only,
    and what a reader wrote for nothing. May be stopped and started again.
    """
    ours = _services()
    try:
        with file.open("rb") as source:
            done = memory_exchange.take_in(
                ours.translator.memory, tmx.read(source), model=ours.translator.model_name
            )
    except PaperglotError as error:
        raise click.ClickException(error.detail) from None
    finally:
        ours.close()
    click.echo(
        f"{done.kept} translations kept, {done.unverified} of them unverified;"
        f" {done.known} were known as good or better; {done.refused} passed over"
    )


def _services() -> Services:
    ours = services.current()
    database_start.prepare(ours.config)
    return ours


def _name_sources(ours: Services, language: Language) -> None:
    """Titles and abstracts that were translated before the memory noted sources get theirs."""
    for papers in ours.papers.stored(page=_PAGE):
        memory_exchange.name_sources(
            ours.engine, ours.paper_translations.sources_of(papers, language)
        )
