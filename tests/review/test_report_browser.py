"""The report in a real browser, without network."""

import re
import shutil
import subprocess

import pytest
from test_report import WALKS, written

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-quic",
    "--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr", "--log-level=0",
)  # fmt: skip

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")

PROBE = """<script>
addEventListener("load", () => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const bars = [...document.querySelectorAll("rect.freeze")].map(b => b.getBoundingClientRect());
  const loads = performance.getEntriesByType("resource").filter(e => !e.name.startsWith("data:"));
  const tall = bars.filter(b => b.height > 5);
  document.title = `wide=${wide} bars=${tall.length} loads=${loads.length}`;
});
</script>"""


@pytest.mark.parametrize("name", ["rich", "hostile"])
def test_a_browser_shows_it_offline_and_without_complaint(name, tmp_path):
    html = written(*WALKS[name](), tmp_path)
    path = tmp_path / "probed.html"
    path.write_text(html.replace("</body>", f"{PROBE}</body>"), encoding="utf-8")
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    command = [CHROMIUM, *FLAGS, profile, "--window-size=500,900", "--dump-dom", path.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "CONSOLE" not in done.stderr
    assert re.search("<title>(.*?)</title>", done.stdout)[1] == "wide=0 bars=2 loads=0"
    assert 'id="tile-percent_time_frozen"' in done.stdout
