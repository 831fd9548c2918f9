"""Publishing without git: a department's tables in the browser, the operator's review of them."""
