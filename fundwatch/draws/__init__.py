"""Draws that anybody can repeat: the 5 % second review sample and the double-random inspection draw.

``lots`` (seed, order, hash), ``frame`` (frozen list of documents), ``design`` (strata and allocation), ``store`` (draws kept in
the app state), ``results`` and ``result_file`` (what the reviewers found), ``estimate`` (extrapolation), ``calculation`` (the
sheet), ``service`` (what commands and screens call). ``inspection_*`` and ``teams`` are the same for inspections.
"""
