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
HEADS: dict[AgencyKind, str] = {
    AgencyKind.CITY: "Chủ tịch",
    AgencyKind.DEPARTMENT: "Giám đốc",
    AgencyKind.OFFICE: "Chánh Văn phòng",
    AgencyKind.BODY: "Thủ trưởng cơ quan",
    AgencyKind.MEDIA: "Thủ trưởng cơ quan",
    AgencyKind.UNION: "Chủ tịch",
    AgencyKind.DISTRICT: "Chủ tịch",
}
"""Who signs papers, where the agency's own leader is not known."""
