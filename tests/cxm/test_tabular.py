"""Tables: any bytes give a table or one clear error; what is written reads back the same."""

import contextlib
import io
import zipfile
from collections.abc import Sequence

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxm.tabular import TableError, read_table, write_csv, write_xlsx


def read(content: bytes, **options: object) -> tuple[tuple[str, ...], list[list[str]]]:
    table = read_table(io.BytesIO(content), name="answers", **options)  # type: ignore[arg-type]
    return table.header, [cells for _line, cells in table.rows]


def workbook(*rows: Sequence[object]) -> bytes:
    target = io.BytesIO()
    write_xlsx(target, ["id", "score"], rows)
    return target.getvalue()


def test_rows_carry_the_line_on_which_they_begin() -> None:
    table = read_table(io.BytesIO(b'id,text\n1,"two\nlines"\n\n2,x\n'))
    assert list(table.rows) == [(2, ["1", "two\nlines"]), (5, ["2", "x"])]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encoding_and_delimiter_are_detected(encoding: str, delimiter: str) -> None:
    rows = [["id", "Größe", "Ort"], ["1", '"3,5; ja"', "Köln"], ["2", "4", "Zürich"]]
    content = "\r\n".join(delimiter.join(row) for row in rows).encode(encoding)
    header, found = read(content)
    assert header == ("id", "Größe", "Ort")
    assert found == [["1", "3,5; ja", "Köln"], ["2", "4", "Zürich"]]


def test_another_alphabet_is_recognised() -> None:
    text = "номер,отзыв\n" + "1,Очень хорошее обслуживание и вкусный кофе\n" * 5
    assert read(text.encode("cp1251"))[0] == ("номер", "отзыв")


def test_a_late_accent_does_not_break_the_reading() -> None:
    content = b"id,text\n" + b"1,plain\n" * 60_000 + "2,Köln\n".encode("cp1252")
    assert read(content)[1][-1] == ["2", "Köln"]


def test_several_heading_lines() -> None:
    assert read(b"id,q\nText,Question\n{},{}\n1,5\n", header_rows=3) == (("id", "q"), [["1", "5"]])


def test_five_hundred_columns_are_read() -> None:
    header = ",".join(f"c{number}" for number in range(500))
    assert len(read(f"{header}\n{header}\n".encode())[0]) == 500


def test_short_rows_are_filled_and_empty_surplus_is_dropped() -> None:
    assert read(b"a,b,c\n1\n1,2,3,,\n,,\n")[1] == [["1", "", ""], ["1", "2", "3"]]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n\n", "no line with content"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old or protected Excel"),
        (b"\x01\x02\x03 not text", "not a text file"),
        (b"PK\x03\x04 damaged", "damaged"),
        (b"a,b\n1,\x00\n", "Line 2 holds a NUL byte"),
        (b"a,b,a\n", "Two columns are called “a” (columns 1 and 3)"),
        (b"a,b\n1,2,3\n", "Line 2 has 3 cells"),
        (b'a,b\n1,"' + b"x" * 200_000, "Line 2 has a cell of more than"),
        (b'a,b\n1,"' + b"x\n" * 200_000, "Line 2 has a cell of more than"),
        (",".join(f"c{n}" for n in range(2001)).encode(), "2001 columns; at most 2000"),
        (",".join(f"column{n}" for n in range(1_000_000)).encode(), "at most 2000 columns"),
        (b"a,b\n" + b'"\n",' * 1_000_000, "longer than 2000000"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, words: str) -> None:
    with pytest.raises(TableError) as caught:
        read(content)
    assert words in caught.value.message


@pytest.mark.parametrize("encoding", ["hex", "no-such-encoding", "idna"])
def test_an_unknown_encoding_is_refused(encoding: str) -> None:
    with pytest.raises(TableError, match="no encoding"):
        read(b"a,b\n", encoding=encoding)


def test_a_wrong_encoding_names_the_line() -> None:
    with pytest.raises(TableError, match="cannot be read as utf-8"):
        read("a,b\n1,Köln\n".encode("cp1252"), encoding="utf-8")


def test_a_zip_of_another_kind_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(TableError, match="not an XLSX"):
        read(target.getvalue())


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    target = io.BytesIO(workbook(["1", "2"]))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image.bin", b"\0" * 20_000_000)
    with pytest.raises(TableError, match="unpacks to far more"):
        read(target.getvalue())


def test_a_sheet_that_claims_absurd_line_numbers_is_refused() -> None:
    source, target = zipfile.ZipFile(io.BytesIO(workbook(["1", "2"]))), io.BytesIO()
    with source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in source.infolist():
            content = source.read(part)
            if part.filename.endswith("sheet1.xml"):
                content = content.replace(b'r="2"', b'r="900000000"')
            archive.writestr(part.filename, content)
    with pytest.raises(TableError, match="more than 1048576 lines"):
        read(target.getvalue())


def test_xlsx_values_read_like_csv() -> None:
    assert read(workbook(["a", 5.0], ["b", 2.5], ["=1+1", None])) == (
        ("id", "score"),
        [["a", "5"], ["b", "2.5"], ["=1+1", ""]],
    )


@pytest.mark.parametrize(
    "cell", ['=HYPERLINK("http://x")', "+49 30 1", "-x", "@cmd", "\t=1", "\r=1", "'=1"]
)
def test_formulas_are_exported_inert(cell: str) -> None:
    text = "".join(write_csv(["a", "b"], [[cell, "x"]]))
    assert "'" + cell.split('"')[0] in text
    assert read(text.encode())[1] == [[cell, "x"]]


def test_numbers_stay_numbers() -> None:
    text = "".join(write_csv(["a", "b"], [[-1.5, "-0.22"], ["+3", None]]))
    assert text == "a,b\r\n-1.5,-0.22\r\n+3,\r\n"


def test_no_formula_lives_in_a_workbook() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook(["=1+1", "@x"]))) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_rows_are_read_as_a_stream() -> None:
    class Endless(io.BytesIO):
        served = 0

        def read1(self, size: int | None = -1, /) -> bytes:
            self.served += 1
            return super().read1(size)

    file = Endless(b"a,b\n" + b"1,2\n" * 500_000)
    table = read_table(file)
    next(table.rows)
    assert file.tell() < 100_000


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@given(st.lists(st.tuples(cells, cells, cells).filter(any), max_size=20))
def test_what_is_written_as_csv_reads_back_the_same(rows: list[tuple[str, ...]]) -> None:
    text = "".join(write_csv(["a", "b", "c"], rows, bom=True))
    assert read(text.encode())[1] == [list(row) for row in rows]


printable = st.text(
    st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc", "Cn"]), max_size=9
)


@settings(max_examples=30)
@given(st.lists(st.tuples(printable, printable).filter(any), max_size=8))
def test_what_is_written_as_xlsx_reads_back_the_same(rows: list[tuple[str, ...]]) -> None:
    assert read(workbook(*[[*row] for row in rows]))[1] == [list(row) for row in rows]


@given(st.one_of(st.binary(), st.text().map(str.encode), st.binary().map(b"PK\x03\x04".__add__)))
def test_any_bytes_give_a_table_or_a_table_error(content: bytes) -> None:
    _consume(content)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 6000), st.binary(min_size=1, max_size=4))
def test_a_damaged_workbook_gives_a_table_or_a_table_error(position: int, bytes_: bytes) -> None:
    content = bytearray(WORKBOOK)
    content[position : position + len(bytes_)] = bytes_
    _consume(bytes(content))


WORKBOOK = workbook(["1", 5], ["2", 4])


def _consume(content: bytes) -> None:
    with contextlib.suppress(TableError):
        header, rows = read(content)
        assert all(len(row) == len(header) for row in rows)


@pytest.mark.parametrize("text", ["a_x000D_b", "_x005F_", "_xD800_", "line\nend", "_x00zz_"])
def test_what_looks_like_an_escape_of_xlsx_comes_back_as_it_was(text: str) -> None:
    target = io.BytesIO()
    write_xlsx(target, ["text"], [[text]])
    [(_line, [found])] = read_table(target, name="a.xlsx").rows
    assert found == text


@pytest.mark.parametrize("text", ["_x0041_", "a_x000D_b", "_x005F_", "_x00zz_", "plain"])
def test_escapes_in_texts_that_cells_share_come_back_as_they_were(text: str) -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    page = book.add_worksheet()
    page.write_string(0, 0, "text")
    page.write_rich_string(1, 0, book.add_format({"bold": True}), "so ", "much")
    page.write_string(2, 0, text)
    book.close()
    rows = [cells for _line, cells in read_table(target, name="a.xlsx").rows]
    assert rows == [["so much"], [text]]


def test_a_quoted_cell_is_not_torn_at_a_semicolon_inside_of_others() -> None:
    table = read_table(io.BytesIO(b'A: 5,"#35;"\r\n"#35;",x;y\r\n'), name="map.csv")
    assert table.delimiter == ","
    assert table.header == ("A: 5", "#35;")
