"""Paperglot's backend: the day's papers and their verified translations."""

from __future__ import annotations

from flask import Flask

from . import commands, services
from .api import guard, problems, request_log, response_cache, status
from .api.corrections import bp as corrections_bp
from .api.owner import bp as owner_bp
from .api.paper_terms import bp as paper_terms_bp
from .api.papers import bp as papers_bp
from .api.probes import bp as probes_bp
from .api.response_cache import ResponseCache
from .api.search import bp as search_bp
from .api.translations import bp as translation_bp
from .config import Config
from .reading.citations.unapi import bp as unapi_bp
from .reading.citations.views import bp as citations_bp
from .reading.export_command import export
from .reading.feeds.routes import bp as feeds_bp
from .reading.markdown.views import bp as markdown_bp
from .reading.pages import bp as pages_bp
from .reading.site_files import bp as site_files_bp
from .services import Services

MAX_REQUEST_BYTES = 256 * 1024


def create_app(config: Config | None = None, services_: Services | None = None) -> Flask:
    """The app: settings, services, guards, routes, commands.

    Args:
        config: read from the environment when left out.
        services_: stand-ins for what lies beyond this machine, in tests.
    """
    config = config or (services_.config if services_ else Config.from_env())
    built = services_ or services.build(config)

    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAX_REQUEST_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_REQUEST_BYTES
    services.install(app, built)
    response_cache.install(
        app, ResponseCache(built.paper_translations, built.sample, built.monitor)
    )
    problems.install(app)
    request_log.note_wrong_tokens(app, built.monitor, config.access_tokens)
    guard.install(app, config, built.engine)
    request_log.install(app, built.monitor, secrets=config.access_tokens)
    app.register_blueprint(status.bp)
    app.register_blueprint(probes_bp)
    app.register_blueprint(owner_bp)
    app.register_blueprint(papers_bp)
    app.register_blueprint(paper_terms_bp)
    app.register_blueprint(translation_bp)
    app.register_blueprint(corrections_bp)
    app.register_blueprint(pages_bp)
    app.register_blueprint(site_files_bp)
    app.register_blueprint(feeds_bp)
    app.register_blueprint(search_bp)
    app.register_blueprint(citations_bp)
    app.register_blueprint(unapi_bp)
    app.register_blueprint(markdown_bp)
    commands.install(app)
    app.cli.add_command(export)
    return app
