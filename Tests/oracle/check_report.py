"""Validates what `ferry check --format json` prints against Schemas/check-report.schema.json.

    python check_report.py FERRY MODEL...

Exit code 0: every report satisfies the schema and says that the model passed or why it did not.
"""
import json
import subprocess
import sys
from pathlib import Path

import jsonschema

SCHEMA = json.loads((Path(__file__).parents[2] / "Schemas" / "check-report.schema.json").read_text())


def main():
    ferry, *models = sys.argv[1:]
    validator = jsonschema.Draft202012Validator(SCHEMA)
    for model in models:
        process = subprocess.run([ferry, "check", model, "--format", "json", "--quiet"], capture_output=True, text=True)
        report = json.loads(process.stdout)
        validator.validate(report)
        has_errors = any(finding["severity"] == "error" for finding in report["findings"])
        assert report["passed"] == (not has_errors) == (process.returncode == 0), model
    print(f"{len(models)} reports")


main()
