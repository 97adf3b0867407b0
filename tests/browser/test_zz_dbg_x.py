from tests.browser.test_editions import *
from tests.browser.test_editions import _list_is_there
import pathlib
def test_dbg(browser, reader, own_backend, upstreams):
    reader(backendUrl=own_backend(**upstreams).url)
    popup = browser.open_extension_page("popup/popup.html")
    _list_is_there(popup)
    paper = f"[data-paper-id='{PAPER}']"
    popup.click(f"{paper} button.title")
    popup.wait_for(f"document.querySelectorAll({paper + ' .abstract math'!r}).length >= 7")
    print('BOX', popup.evaluate(f"[...document.querySelectorAll({paper + ' math'!r})].map(e=>[e.parentElement.className||e.parentElement.parentElement.className, e.checkVisibility(), e.getBoundingClientRect().width, e.getBoundingClientRect().height, e.outerHTML.slice(0,80)])"))
    popup.screenshot(pathlib.Path('/tmp/x/dbg.png'))
    assert 0
