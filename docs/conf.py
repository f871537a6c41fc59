"""How the documentation is built: ``sphinx-build -W docs OUT``."""

from chatctl import __version__

project = "chatctl"
author = "The chatctl authors"
release = __version__
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = f"chatctl {__version__}"
exclude_patterns = ["generate.py", "pictures.py"]
