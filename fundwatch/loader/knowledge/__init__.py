"""The workbooks in which the national bureau publishes knowledge points of its two libraries (两库), read as issued."""

from fundwatch.loader.knowledge.workbook import Workbook, point_count, read_workbook

__all__ = ["Workbook", "point_count", "read_workbook"]
