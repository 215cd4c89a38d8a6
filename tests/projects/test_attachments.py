import io
import zipfile

import openpyxl
import pytest

from projects.attachments import LONGEST_NAME, clean_name, is_allowed


def workbook():
    data = io.BytesIO()
    openpyxl.Workbook().save(data)
    return data.getvalue()


def word():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")
    return data.getvalue()


PDF = b"%PDF-1.7\n1 0 obj"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 50
EXE = b"MZ\x90\x00" + b"\x00" * 200


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Count of October.xlsx", "Count of October.xlsx"),
        ("十月清点.PDF", "十月清点.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\x.csv", "x.csv"),
        ("/abs/y.md", "y.md"),
        ("C:\\x\\z.pdf", "z.pdf"),
        ("%2e%2e/a.pdf", "a.pdf"),
        ("CON.txt", "file-CON.txt"),
        ("com1.b.txt", "file-com1.b.txt"),
        ("", "file"),
        (".htaccess", "htaccess"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("fdp\u202etxt.pdf", "fdptxt.pdf"),
        ('a"b<c>.pdf', "abc.pdf"),
        ("x" * 300 + ".pdf", "x" * (LONGEST_NAME - 4) + ".pdf"),
    ],
)
def test_a_name_can_be_saved_anywhere(name, kept):
    assert clean_name(name) == kept


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", PDF),
        ("a.png", PNG),
        ("a.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"0" * 50),
        ("a.docx", word()),
        ("a.xlsx", workbook()),
        ("a.txt", "清点".encode("gb18030")),
        ("a.csv", b"a,b\r\n1,2\r\n"),
        ("a.md", "# 清点".encode()),
    ],
)
def test_what_it_says_it_is(name, data):
    assert is_allowed(name, data)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.html", b"<html><script>1</script>"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
        ("a.exe", EXE),
        ("a.pdf", EXE),
        ("a.png", PDF),
        ("a.gif", b"GIF89a/*"),
        ("a.jpg", b"GIF89a/*"),
        ("a.docm", word()),
        ("a.zip", word()),
        ("a.docx", PDF),
        ("a.txt", EXE),
        ("a.txt", b"  <script>1</script>"),
        ("a.csv", b"\xff\xff\xff"),
        ("pdf", PDF),
        (".pdf", PDF),
        ("a.pdf", b""),
    ],
)
def test_what_it_is_not(name, data):
    assert not is_allowed(name, data)
