"""The two YAML formats, in one place: checks, JSON Schema, forms and docs are made from here.

`Portal` is `catalog.yaml`; `Descriptor` is a `datapackage.yaml` (Data Package v2) whose
`catalogue` holds the government catalogue's entry (发改高技〔2017〕1272号; 营口 第十四条).
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from kaishu.base.i18n import N_, Language
from kaishu.base.vocabulary import (
    BasisLevel,
    Category,
    OpeningMode,
    Openness,
    Sharing,
    SharingMode,
    UpdateCycle,
)

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$")]
DatasetKey = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+([._-][a-z0-9]+)*$")
]
CaseNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{15}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([._-][a-z0-9]+)*$", max_length=100)]


class Strict(BaseModel):
    """A mapping in which every key is known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Open(BaseModel):
    """A mapping of the Data Package standard, which allows further keys."""

    model_config = ConfigDict(extra="allow", frozen=True)


class Contact(Strict):
    """联系方式 (营口 第七条, 第十四条); `confirmed` is the day on which it was last found current."""

    name: Text | None = Field(None, title=N_("Contact"))
    phone: Text | None = Field(None, title=N_("Telephone"))
    email: Text | None = Field(None, title=N_("E-mail"))
    confirmed: dt.date | None = Field(None, title=N_("Confirmed on"))


class Operator(Strict):
    """主管部门: who runs the portal."""

    name: Text = Field(title=N_("Operator"))
    phone: Text | None = Field(None, title=N_("Telephone"))
    email: Text | None = Field(None, title=N_("E-mail"))
    address: Text | None = Field(None, title=N_("Address"))
    department: Id | None = Field(None, title=N_("Department that keeps the register"))


class Licence(Strict):
    """Terms of use; `name` is an Open Definition identifier where there is one."""

    name: Text | None = Field(None, title=N_("Licence identifier"))
    title: Text | None = Field(None, title=N_("Licence"))
    path: Text | None = Field(None, title=N_("Licence address"))


class Footer(Strict):
    """What a government site shows at its foot (国办发〔2017〕47号).

    `mark` and `errors` are the addresses that the site was given for the mark of party and
    government organs and for 我为政府网站找错.
    """

    icp: Text | None = Field(None, title=N_("ICP filing number"))
    police: Text | None = Field(None, title=N_("Public security filing number"))
    site_id: Text | None = Field(None, title=N_("Government site identifier"))
    mark: Url | None = Field(None, title=N_("Address of the party and government organ mark"))
    errors: Url | None = Field(None, title=N_("Address of “find errors of government websites”"))


class Department(Strict):
    """数据提供部门."""

    id: Id = Field(title=N_("Department identifier"))
    name: Text = Field(title=N_("Department name"))
    uscc: Text | None = Field(None, title=N_("Unified social credit code"))
    contact: Contact = Field(default_factory=Contact, title=N_("Contact"))
    maintainers: tuple[Text, ...] = Field((), title=N_("Maintainers"))


class Theme(Strict):
    """主题; `priority` marks a field to be opened first (营口 第三十一条)."""

    id: Id = Field(title=N_("Theme identifier"))
    name: Text = Field(title=N_("Theme name"))
    priority: bool = Field(False, title=N_("Priority field"))


class Backend(Strict):
    """Where the forms are served; the site's own origin by default."""

    url: Url | None = Field(None, title=N_("Address of the forms"))
    refusals: Literal["officer", "head"] = Field("officer", title=N_("Who decides on refusals"))


class OfficeHours(Strict):
    """Close of office; where set, a due date ends then (民法典 第二百零三条)."""

    close: Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = Field(
        title=N_("Close of office")
    )


class BaseLibrary(Strict):
    """基础库."""

    id: Id = Field(title=N_("Base library identifier"))
    name: Text = Field(title=N_("Base library"))
    lead: Text | None = Field(None, title=N_("Lead department"))


class ReviewPolicy(Strict):
    """Which changes wait for the operator's approval; by default first openings and changes of
    schema or openness (`changes`), in an example portal none.
    """

    policy: Literal["none", "changes", "all"] | None = Field(None, title=N_("Review policy"))


class ContentStore(Strict):
    """Where data files lie that are too large for git, each by its hash: S3 or a folder.

    `endpoint` is the address of a service other than Amazon's that speaks as S3 does. Credentials
    are never written here; they come from the environment.
    """

    id: Id = Field(title=N_("Store identifier"))
    url: Annotated[
        str, StringConstraints(pattern=r"^(s3://[^\s/@:]+(/[^\s@:]*)?|file:///[^\s]+|/[^\s]+)$")
    ] = Field(title=N_("Store address"))
    endpoint: Url | None = Field(None, title=N_("Service address"))


class Map(Strict):
    """A tile service of the operator's choice; without one, maps show the data alone.

    `tiles` is an https address with {z}, {x} and {y}, or several, the lowest layer first: 天地图 has
    its names in a layer of their own. `attribution` is shown on the map, as is the approval number
    of the base map (审图号).
    """

    tiles: Text | tuple[Text, ...] | None = Field(None, title=N_("Map tiles"))
    attribution: Text | None = Field(None, title=N_("Map attribution"))

    @property
    def layers(self) -> tuple[str, ...]:
        """The addresses of the tiles, the lowest layer first; none without a tile service."""
        return (self.tiles,) if isinstance(self.tiles, str) else self.tiles or ()


class FormerDepartment(Strict):
    """A department merged into another (机构改革)."""

    id: Id = Field(title=N_("Department identifier"))
    merged_into: Id = Field(title=N_("Merged into"))


class Portal(Strict):
    """catalog.yaml."""

    title: Text = Field(title=N_("Portal title"))
    url: Url = Field(title=N_("Portal address"))
    language: Language = Field("zh-CN", title=N_("Language"))
    operator: Operator = Field(title=N_("Operator"))
    regulation: Text = Field(title=N_("Regulation"))
    licence: Licence = Field(default_factory=Licence, title=N_("Default licence"))
    footer: Footer = Field(default_factory=Footer, title=N_("Footer"))
    departments: tuple[Department, ...] = Field(min_length=1, title=N_("Departments"))
    themes: tuple[Theme, ...] = Field(min_length=1, title=N_("Themes"))
    backend: Backend = Field(default_factory=Backend, title=N_("Forms"))
    mode: Literal["example", "production"] = Field("production", title=N_("Mode"))
    office_hours: OfficeHours | None = Field(None, title=N_("Office hours"))
    code_pattern: Text = Field(r"^\d{6}/\d{6}$", title=N_("Pattern of catalogue codes"))
    base_libraries: tuple[BaseLibrary, ...] = Field((), title=N_("Base libraries"))
    review: ReviewPolicy = Field(default_factory=ReviewPolicy, title=N_("Review"))
    stores: tuple[ContentStore, ...] = Field((), title=N_("Content stores"))
    map: Map = Field(default_factory=Map, title=N_("Map"))
    former_departments: tuple[FormerDepartment, ...] = Field((), title=N_("Former departments"))

    @property
    def review_policy(self) -> Literal["none", "changes", "all"]:
        """Which changes wait for the operator's approval: as stated, else by the mode."""
        return self.review.policy or ("none" if self.mode == "example" else "changes")

    def department(self, id_: str) -> Department | None:
        """The department of this identifier."""
        return next((one for one in self.departments if one.id == id_), None)

    def theme(self, id_: str) -> Theme | None:
        """The theme of this identifier."""
        return next((one for one in self.themes if one.id == id_), None)


class Basis(Strict):
    """依据 of a restriction (营口 第三十条)."""

    title: Text = Field(title=N_("Title of the basis"))
    article: Text | None = Field(None, title=N_("Article"))
    level: BasisLevel = Field(title=N_("Level"))
    issuer: Text | None = Field(None, title=N_("Issuer"))
    url: Url | None = Field(None, title=N_("Address"))


class OpennessEntry(Strict):
    """开放属性 of an entry."""

    type: Openness = Field(title=N_("Openness"))
    mode: tuple[OpeningMode, ...] = Field((OpeningMode.DOWNLOAD,), title=N_("Mode of opening"))
    conditions: Text | None = Field(None, title=N_("Conditions of opening"))
    basis: tuple[Basis, ...] = Field((), title=N_("Basis"))


class SharingEntry(Strict):
    """共享属性 of an entry."""

    type: Sharing = Field(title=N_("Sharing"))
    conditions: Text | None = Field(None, title=N_("Conditions of sharing"))
    mode: tuple[SharingMode, ...] = Field((), title=N_("Mode of sharing"))
    basis: tuple[Basis, ...] = Field((), title=N_("Basis"))


class Review(Strict):
    """The department's own secrecy and openness review before opening."""

    date: dt.date = Field(title=N_("Date of review"))
    by: Text = Field(title=N_("Reviewed by"))
    reference: Text | None = Field(None, title=N_("Document number"))


class ChangeNotice(Strict):
    """Users are told ahead of a change that breaks the programs which read the data."""

    effective: dt.date = Field(title=N_("Effective from"))
    description: Text = Field(title=N_("What will change"))


class Withdrawn(Strict):
    """Why a dataset is no longer published."""

    date: dt.date = Field(title=N_("Date of withdrawal"))
    reason: Text = Field(title=N_("Reason"))
    basis: tuple[Basis, ...] = Field((), title=N_("Basis"))
    successor: DatasetKey | None = Field(None, title=N_("Successor"))


class Entry(Strict):
    """目录条目: the catalogue's entry of one dataset (营口 第十四条)."""

    code: Text | None = Field(None, title=N_("Catalogue code"))
    category: Category = Field(Category.DEPARTMENT, title=N_("Category"))
    theme: Id = Field(title=N_("Theme"))
    openness: OpennessEntry = Field(title=N_("Openness"))
    sharing: SharingEntry = Field(title=N_("Sharing"))
    update_cycle: UpdateCycle = Field(title=N_("Update cycle"))
    modified: dt.date | None = Field(None, title=N_("Data updated"))
    review: Review | None = Field(None, title=N_("Review before opening"))
    contact: Contact | None = Field(None, title=N_("Contact"))
    spatial: Any = Field(None, title=N_("Spatial coverage"))
    temporal: Any = Field(None, title=N_("Temporal coverage"))
    crs: Text | None = Field(None, title=N_("Coordinate reference system"))
    classification: Any = Field(None, title=N_("Classification"))
    related: tuple[DatasetKey, ...] = Field((), title=N_("Related datasets"))
    aliases: tuple[DatasetKey, ...] = Field((), title=N_("Former addresses"))
    opened_for: tuple[CaseNumber, ...] = Field((), title=N_("Opened because of cases"))
    publish_on: dt.date | None = Field(None, title=N_("To be published on"))
    change_notice: ChangeNotice | None = Field(None, title=N_("Change announced"))
    withdrawn: Withdrawn | None = Field(None, title=N_("Withdrawn"))


class Public(Strict):
    """A department's declaration that personal-looking content of a field is public."""

    reason: Text = Field(title=N_("Reason"))


class TableField(Open):
    """数据项: a field of a Table Schema."""

    name: Text = Field(title=N_("Field name"))
    type: Text = Field("any", title=N_("Type"))
    title: str | None = Field(None, title=N_("Field title"))
    description: str | None = Field(None, title=N_("Description"))
    public: Public | None = Field(None, title=N_("Declared public"))
    base_item: bool = Field(False, title=N_("Base data item"))


class TableSchema(Open):
    """A Table Schema."""

    fields: tuple[TableField, ...] = Field((), title=N_("Fields"))


def _named(schema: object) -> object:
    """A schema in a file of its own is read with the tables; here its name alone is known."""
    return {} if isinstance(schema, str) else schema


class Resource(Open):
    """数据文件: a resource of a Data Package."""

    name: Name = Field(title=N_("Resource name"))
    path: str | tuple[str, ...] | None = Field(None, title=N_("Path"))
    data: Any = Field(None, title=N_("Header"))
    title: str | None = Field(None, title=N_("Title"))
    description: str | None = Field(None, title=N_("Description"))
    encoding: str | None = Field(None, title=N_("Encoding"))
    hash: str | None = Field(None, title=N_("Content hash"))
    bytes: int | None = Field(None, ge=0, title=N_("Size in bytes"))
    tableschema: Annotated[TableSchema | None, BeforeValidator(_named)] = Field(
        None, alias="schema", title=N_("Schema")
    )


class Source(Open):
    """来源."""

    title: str | None = Field(None, title=N_("Title"))
    path: str | None = Field(None, title=N_("Address"))


class Descriptor(Open):
    """datapackage.yaml: a Data Package v2 with a `catalogue` entry."""

    name: Name = Field(title=N_("Dataset name"))
    title: Text = Field(title=N_("Title"))
    description: str | None = Field(None, title=N_("Summary"))
    id: Text | None = Field(None, title=N_("Permanent identifier"))
    created: dt.datetime | None = Field(None, title=N_("Created"))
    version: str | None = Field(None, title=N_("Version"))
    keywords: tuple[str, ...] = Field((), title=N_("Keywords"))
    licenses: tuple[Licence, ...] = Field((), title=N_("Licences"))
    sources: tuple[Source, ...] = Field((), title=N_("Sources"))
    resources: tuple[Resource, ...] = Field(min_length=1, title=N_("Resources"))
    catalogue: Entry = Field(title=N_("Catalogue entry"))
