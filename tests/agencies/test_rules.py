"""Names of agencies are found through their many spellings."""

import json
from pathlib import Path

import pytest

from ntmtasks.agencies.rules import AgencyEntry, AgencyKind, Directory, GroupEntry, directory_from

SEED = Path(__file__).parents[2] / "ntmtasks" / "data" / "can_tho_2024.json"


@pytest.fixture(scope="module")
def directory() -> Directory:
    return directory_from(json.loads(SEED.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Sở NN & PTNT", "Sở NN&PTNT"),
        ("Sở Nông nghiệp và Phát triển nông thôn thành phố Cần Thơ", "Sở NN&PTNT"),
        ("VP ĐP", "VP Điều phối NTM"),
        ("Văn phòng Điều phối xây dựng nông thôn mới thành phố", "VP Điều phối NTM"),
        (
            "Văn phòng Điều phối Chương trình mục tiêu Quốc gia xây dựng nông thôn mới thành phố",
            "VP Điều phối NTM",
        ),
        ("Sở VH,TT&DL", "Sở VHTTDL"),
        ("Sở Văn hoá, Thể thao và Du lịch", "Sở VHTTDL"),
        ("Sở Lao động – Thương binh và Xã hội", "Sở LĐ-TB&XH"),
        ("Sở TN&MT", "Sở TN&MT"),
        ("Sở KHĐT", "Sở KH&ĐT"),
        ("UBMT Tổ quốc VN thành phố", "Ủy ban MTTQ"),
        ("Hội LHPN thành phố", "Hội LHPN"),
        ("Ban Thi đua – Khen thưởng thành phố", "Ban Thi đua - Khen thưởng"),
        ("Đài Phát thanh và truyền hình thành phố", "Đài PT-TH"),
        ("các Sở, ban ngành thành phố", "Các sở, ban ngành thành phố"),
        ("Ủy ban nhân dân huyện", "UBND huyện"),
        ("UBND huyện Thới Lai", "UBND huyện Thới Lai"),
        ("Ủy ban nhân dân thành phố", "UBND thành phố"),
        ("Công an thành phố", "Công an thành phố"),
    ],
)
def test_a_written_name_finds_its_agency(directory: Directory, written: str, meant: str) -> None:
    assert directory.match(written) == meant


@pytest.mark.parametrize(
    "stranger",
    ["", "Sở Nông nghiệp và Môi trường", "Sở", "các cơ quan, đơn vị", "UBND huyện Ba Vì"],
)
def test_an_unknown_name_is_not_guessed(directory: Directory, stranger: str) -> None:
    assert directory.match(stranger) is None


def test_groups_have_the_members_of_2024(directory: Directory) -> None:
    assert len(directory.agencies) == 34
    assert [len(g.members) for g in directory.groups] == [20, 6, 4]
    assert len(directory.members_of("Các sở, ban ngành thành phố")) == 20
    assert directory.members_of("không có") == ()


def test_every_name_that_the_seed_refers_to_exists(directory: Directory) -> None:
    names = {a.short_name for a in directory.agencies}
    assert len(names) == 34
    assert all(set(g.members) <= names for g in directory.groups)
    assert all(f.agency in names for f in directory.fields)


def test_the_office_is_the_coordinating_office(directory: Directory) -> None:
    assert directory.office == "VP Điều phối NTM"
    assert Directory().office == ""


def test_one_word_alone_is_no_name(directory: Directory) -> None:
    # "Báo Cần Thơ" without its place is any paper of any province.
    assert directory.match("Báo Cần Thơ") == "Báo Cần Thơ"
    assert directory.match("Báo") is None


def test_a_sector_is_its_department(directory: Directory) -> None:
    assert directory.match("ngành Y tế") == "Sở Y tế"
    assert directory.match("ngành Thủy sản") is None


def test_a_group_may_be_named_with_those_concerned() -> None:
    group = GroupEntry("Các sở liên quan", (), ("Sở Y tế",))
    whole = Directory((AgencyEntry("Sở Y tế", "Sở Y tế", AgencyKind.DEPARTMENT),), (group,))
    assert whole.match("các sở liên quan") == "Các sở liên quan"
    assert whole.match("Sở Y tế liên quan") == "Sở Y tế"
