"""Tables in and out: CSV and XLSX, streamed, guarded, and with formulas exported inert."""

from cxm.tabular.reading import read_rows, read_table
from cxm.tabular.sheets import Sheet, read_sheets
from cxm.tabular.table import MAX_COLUMNS, RawRows, Table, TableError
from cxm.tabular.writing import write_csv, write_xlsx

__all__ = [
    "MAX_COLUMNS",
    "RawRows",
    "Sheet",
    "Table",
    "TableError",
    "read_rows",
    "read_sheets",
    "read_table",
    "write_csv",
    "write_xlsx",
]
