"""Words for kinds of agency."""

from ntmtasks.agencies.rules import AgencyKind

KINDS: dict[AgencyKind, str] = {
    AgencyKind.CITY: "UBND thành phố",
    AgencyKind.DEPARTMENT: "Sở",
    AgencyKind.OFFICE: "Văn phòng Điều phối",
    AgencyKind.BODY: "Ban, ngành",
    AgencyKind.MEDIA: "Báo, đài",
    AgencyKind.UNION: "Mặt trận, đoàn thể",
    AgencyKind.DISTRICT: "UBND huyện",
}
