"""arXiv's categories, as https://arxiv.org/category_taxonomy lists them."""

from __future__ import annotations

import difflib

_ARCHIVES = {
    "cs": (
        "AI AR CC CE CG CL CR CV CY DB DC DL DM DS ET FL GL GR GT HC IR IT LG LO MA MM MS "
        "NA NE NI OH OS PF PL RO SC SD SE SI SY"
    ),
    "math": (
        "AC AG AP AT CA CO CT CV DG DS FA GM GN GR GT HO IT KT LO MG MP NA NT OA OC PR QA "
        "RA RT SG SP ST"
    ),
    "stat": "AP CO ME ML OT TH",
    "eess": "AS IV SP SY",
    "econ": "EM GN TH",
    "q-bio": "BM CB GN MN NC OT PE QM SC TO",
    "q-fin": "CP EC GN MF PM PR RM ST TR",
    "astro-ph": "CO EP GA HE IM SR",
    "cond-mat": "dis-nn mes-hall mtrl-sci other quant-gas soft stat-mech str-el supr-con",
    "nlin": "AO CD CG PS SI",
    "physics": (
        "acc-ph ao-ph app-ph atm-clus atom-ph bio-ph chem-ph class-ph comp-ph data-an ed- "
        "ph flu-dyn gen-ph geo-ph hist-ph ins-det med-ph optics plasm-ph pop-ph soc-ph "
        "space-ph"
    ),
}
_ALONE = "astro-ph cond-mat gr-qc hep-ex hep-lat hep-ph hep-th math-ph nucl-ex nucl-th quant-ph"

CATEGORIES = {
    name.lower(): name
    for name in [
        *(f"{archive}.{part}" for archive, parts in _ARCHIVES.items() for part in parts.split()),
        *_ALONE.split(),
    ]
}
"""By their names in small letters."""


def alike(name: str) -> str | None:
    """The category whose name is most like this one; None where none is."""
    close = difflib.get_close_matches(name.lower(), CATEGORIES, n=1)
    return CATEGORIES[close[0]] if close else None
