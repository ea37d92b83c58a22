"""The monthly six-item report (六项信息): contents, files, submissions and corrections.

Source: 2022医疗保障基金协议管理工作方案 三(六).
"""

from __future__ import annotations

from fundwatch.reports.monthly.changes import Change, changes
from fundwatch.reports.monthly.files import Files, files_of
from fundwatch.reports.monthly.month import Month
from fundwatch.reports.monthly.report import MonthlyReport, monthly_report
from fundwatch.reports.monthly.store import Submission, get_submission, submissions, submit, submitted_files

__all__ = [
    "Change", "Files", "Month", "MonthlyReport", "Submission", "changes", "files_of", "get_submission", "monthly_report",
    "submissions", "submit", "submitted_files",
]  # fmt: skip
