"""Thirty-two further tables such as departments send, with what `kaishu add` should make of them.

They were labelled before they were tried; no value is anybody's. A label is a type, then what else is
expected: `k` the key, `c` coded values, `l` codes whose labels stand in another column, `u=…` a unit.
"""

from __future__ import annotations

from itertools import cycle, islice


def _table(header: str, *columns: object, n: int = 30) -> str:
    """A table as CSV, each column from a list that is repeated, or a function of the row's number."""
    made = [
        [str(one(k)) for k in range(1, n + 1)] if callable(one) else list(islice(cycle(one), n))  # type: ignore[call-overload]
        for one in columns
    ]
    quoted = [[f'"{cell}"' if "," in cell else cell for cell in column] for column in made]
    return "\n".join([header, *map(",".join, zip(*quoted, strict=True))]) + "\n"


TABLES: dict[str, tuple[str, str]] = {
    "行政许可公示": ("string:k string string:l string:c date date string", _table(
        "许可决定文书号,行政相对人名称,许可类别代码,许可类别,许可决定日期,有效期至,许可机关",
        lambda k: f"营市监许〔2026〕{k}号", lambda k: f"营口某某商贸{k}店", ["01", "02", "03"], ["普通", "特许", "认可"],
        lambda k: f"2026-0{k % 9 + 1}-1{k % 9}", lambda k: f"2031-0{k % 9 + 1}-1{k % 9}", ["营口市市场监督管理局"])),
    "信访投诉": ("string:k datetime string:c string string:c number:u=天", _table(
        "工单编号,受理时间,诉求类型,诉求内容,办理状态,办理时长（天）",
        lambda k: f"GD2026{k:06d}", lambda k: f"2026-01-{k % 28 + 1:02d} 0{k % 9}:15:00", ["咨询", "投诉", "建议", "求助"],
        lambda k: f"某小区第{k}次停水", ["已办结", "办理中"], lambda k: f"{k / 4}")),
    "学校一览": ("string:k string string:c string:c integer:u=人 integer:u=人 number:u=平方米 string", _table(
        "学校标识码,学校名称,办学类型,城乡分类,在校生数（人）,专任教师数（人）,校舍面积（平方米）,邮政编码",
        lambda k: f"31210{k:05d}", lambda k: f"第{k}小学", ["小学", "初中", "完全中学"], ["城区", "镇区", "乡村"],
        lambda k: k * 37, lambda k: k * 3, lambda k: f"{k * 120.5}", ["115000", "115004"])),
    "稳岗补贴": ("integer:k string string number:u=元 integer:u=人 yearmonth", _table(
        "序号,单位名称,统一社会信用代码,补贴金额（元）,参保人数（人）,发放年月",
        lambda k: k, lambda k: f"某公司{k}", lambda k: f"91210800MA0QW{k:04d}X", lambda k: f"{k * 1234.5:.2f}",
        lambda k: k * 2, lambda k: f"2026-{k % 12 + 1:02d}")),
    "医师执业": ("string string:c string:c string string:c date", _table(
        "姓名,性别,执业类别,执业证书编码,职称,首次注册日期",
        lambda k: f"医师{k}", ["男", "女"], ["临床", "中医", "口腔"], lambda k: f"1102108000{k:05d}", ["主任医师", "副主任医师", "主治医师"],
        lambda k: f"20{k % 20 + 5:02d}年{k % 12 + 1}月{k % 27 + 1}日")),
    "公厕": ("string:k string string number:u=度 number:u=度 boolean boolean string", _table(
        "编号序,公厕名称,所在街道,经度（度）,纬度（度）,是否免费,有无障碍设施,开放时间",
        lambda k: k, lambda k: f"公厕{k}", lambda k: f"街道{k % 7}", lambda k: f"122.{k:05d}", lambda k: f"40.{k:05d}",
        ["是", "否", "是"], ["有", "无"], ["05:00-22:00", "全天"])),
    "空气日报": ("date:k integer number:u=微克/立方米 number:u=微克/立方米 number:u=毫克/立方米 string:c string", _table(
        "监测日期,AQI指数,PM2.5（微克/立方米）,PM10（微克/立方米）,CO（毫克/立方米）,空气质量等级,首要污染物",
        lambda k: f"2026/{k // 28 + 1}/{k % 28 + 1}", lambda k: 30 + k, lambda k: f"{k}.5", lambda k: k * 2, lambda k: f"0.{k % 9 + 1}",
        ["优", "良", "轻度污染"], ["-", "PM2.5", "O3", "PM10"])),
    "公交线网": ("string:k string string time time number:u=公里 string", _table(
        "线路编号,起点站,终点站,首班时间,末班时间,线路长度（公里）,票价",
        lambda k: f"{k}路", lambda k: f"起{k}", lambda k: f"终{k}", ["05:30", "06:00"], ["21:00", "20:30"],
        lambda k: f"{k * 1.3:.1f}", ["1元", "2元", "1-3元"])),
    "财政收支": ("year:k number:u=亿元 number:u=亿元 string string", _table(
        "年份,一般公共预算收入（亿元）,一般公共预算支出（亿元）,收入同比,支出同比",
        lambda k: 1990 + k, lambda k: f"{k * 3.21:.2f}", lambda k: f"{k * 4.1:.2f}", ["5.2%", "-1.3%", "持平"], ["3%", "缺", "2%"])),
    "同比": ("year number:u=% number", _table("年度,增速（%）,占比", lambda k: 1990 + k, lambda k: f"{k / 3:.1f}", ["5.2%", "-1.3%", "0.8%"])),
    "食品抽检": ("string:k string string string string string:c date string", _table(
        "抽样编号,样品名称,规格型号,生产企业,被抽样单位,检验结论,生产日期,不合格项目",
        lambda k: f"XC2621080012345{k:04d}", lambda k: f"食品{k}", ["500g/袋", "250ml/瓶", "散装"], lambda k: f"食品厂{k}", lambda k: f"超市{k}",
        ["合格", "不合格"], lambda k: f"2026.{k % 12 + 1:02d}.{k % 28 + 1:02d}", ["", "", "菌落总数"])),
    "停车泊位": ("string:k string integer:u=个 integer:u=个 boolean number:u=元/小时", _table(
        "停车场编码,停车场名称,总泊位数（个）,充电泊位数（个）,是否对外开放,收费标准（元/小时）",
        lambda k: f"P{k:04d}", lambda k: f"停车场{k}", lambda k: k * 10, lambda k: k % 5, ["Y", "N"], ["2", "3.5", "5"])),
    "行政区划": ("string:k string string:c string", _table(
        "区划代码,区划名称,级别,上级代码", lambda k: f"2108{k:02d}", lambda k: f"某区{k}", ["市辖区", "县", "县级市"], ["210800"])),
    "人口年龄": ("string integer integer integer number", _table(
        "年龄组,合计,男,女,性别比", lambda k: f"{k * 5}-{k * 5 + 4}岁", lambda k: k * 1000, lambda k: k * 490, lambda k: k * 510, lambda k: f"{96 + k / 10:.2f}")),
    "病媒监测": ("string:l string:c integer date", _table(
        "监测点类型代码,监测点类型,捕获数,监测日期", ["1", "2", "3", "4"], ["居民区", "公园", "医院", "养殖场"], lambda k: k % 7, lambda k: f"2026060{k % 9 + 1}")),
    "不动产登记": ("string:k string:c date number:u=m² string", _table(
        "不动产单元号,登记类型,登簿日期,面积（m²）,坐落", lambda k: f"210802001001GB{k:05d}F00010001", ["首次登记", "转移登记", "抵押登记"],
        lambda k: f"2026-03-{k % 28 + 1:02d}", lambda k: f"{k * 11.25}", lambda k: f"某路{k}号")),
    "水质": ("string:k string string:c number number:u=mg/L number:u=mg/L datetime", _table(
        "断面编码,断面名称,水质类别,pH值,溶解氧（mg/L）,氨氮（mg/L）,采样时间", lambda k: f"LN{k:03d}", lambda k: f"断面{k}", ["Ⅱ类", "Ⅲ类", "Ⅳ类"],
        lambda k: f"7.{k % 10}", lambda k: f"{k / 3:.2f}", lambda k: f"0.{k:02d}", lambda k: f"2026/3/{k % 28 + 1} {k % 24}:00")),
    "政府采购": ("string:k string number:u=万元 string datetime string", _table(
        "项目编号,项目名称,预算金额（万元）,采购单位,开标时间,采购方式", lambda k: f"YKZC-2026-{k:03d}", lambda k: f"采购项目{k}", lambda k: f"{k * 12:,}.50",
        lambda k: f"某局{k}", lambda k: f"2026年3月{k % 28 + 1}日9时30分", lambda k: f"公开招标{k}" if k > 12 else "竞争性磋商")),
    "旅游接待": ("yearmonth:k number:u=万人次 number:u=亿元 number", _table(
        "月份,接待人数（万人次）,旅游收入（亿元）,同比增长（%）".replace("（%）", ""), lambda k: f"{2024 + k // 12}-{k % 12 + 1:02d}", lambda k: f"{k}.1", lambda k: f"{k * 0.3:.2f}", lambda k: f"-{k}.0")),
    "消防设施": ("string string:c boolean date string", _table(
        "设施名称,设施状态,是否完好,检查日期,检查人员数", lambda k: f"消火栓{k}", ["在用", "停用", "维修"], ["√", "×"], lambda k: f"2026-1-{k % 28 + 1}", ["2人", "3人"])),
    "药店": ("string string string string:c string date", _table(
        "药店名称,许可证编号,经营地址,经营方式,质量负责人电话,发证日期", lambda k: f"药店{k}", lambda k: f"辽CA417{k:04d}", lambda k: f"某路{k}号", ["零售", "零售连锁"],
        lambda k: f"0417-28{k:05d}", lambda k: f"2024年0{k % 9 + 1}月1{k % 9}日")),
    "房价": ("yearmonth string number:u=元/平方米 number number", _table(
        "统计月,区域,均价（元/平方米）,环比,同比", lambda k: f"2026-{k % 12 + 1:02d}", lambda k: f"区{k}", lambda k: k * 100 + 0.5, ["-0.1%", "0.2%"], ["1.5%", "-2%"])),
    "低保": ("string string:k integer:u=户 integer:u=人 number:u=元 string", _table(
        "乡镇,村居代码,保障户数（户）,保障人数（人）,发放金额（元）,统计月份", lambda k: f"镇{k % 9}", lambda k: f"2108110{k:05d}", lambda k: k, lambda k: k * 2, lambda k: f"{k * 5600:,}", ["202601", "202602"])),
    "气象站": ("string:k string number number number:u=米 date string:c", _table(
        "站号,站名,经度,纬度,海拔高度（米）,建站日期,台站类型", lambda k: f"54{k:03d}", lambda k: f"站{k}", lambda k: f"122.{k:04d}", lambda k: f"40.{k:04d}", lambda k: f"{k}.6", lambda k: f"19{50 + k}-01-01", ["国家站", "区域站"])),
    "交通流量": ("datetime string:l string:c integer number:u=km/h", _table(
        "采集时间,方向代码,方向,流量,平均速度（km/h）", lambda k: f"2026-01-05T08:{k:02d}:00", ["E", "W"], ["东行", "西行"], lambda k: k * 13, lambda k: f"{40 + k / 2}")),
    "图书馆藏": ("string:k string string year string number", _table(
        "索书号,题名,ISBN,出版年,作者,定价", lambda k: f"TP{k}/1", lambda k: f"书{k}", lambda k: f"97871150{k:05d}", lambda k: 1980 + k, lambda k: f"作者{k}", lambda k: f"{k}.80")),
    "新能源车": ("string string:c integer integer number:u=千瓦", _table(
        "充电站,桩类型,快充桩数,慢充桩数,总功率（千瓦）", lambda k: f"充电站{k}", ["直流", "交流"], lambda k: k, lambda k: k + 1, lambda k: f"{k * 60}.5")),
    "企业名录": ("string:k string date number:u=万元 string:l string:c string", _table(
        "统一社会信用代码,企业名称,成立日期,注册资本（万元）,行业门类代码,行业门类,经营范围", lambda k: f"91210800{k:09d}X", lambda k: f"企业{k}", lambda k: f"20{k % 20 + 5:02d}-05-06",
        lambda k: f"{k * 50}.00", ["A", "C", "F"], ["农、林、牧、渔业", "制造业", "批发和零售业"], lambda k: f"经营第{k}种")),
    "选址表": ("string string number number boolean string", _table(
        "名称,地址,lng,lat,valid,remark", lambda k: f"点{k}", lambda k: f"某路{k}号", lambda k: f"122.{k}1", lambda k: f"40.{k}1", ["true", "false"], ["", "好"])),
    "疫苗": ("string string:c integer:u=剂 datetime string", _table(
        "接种点,疫苗种类,库存（剂）,更新时间,批号", lambda k: f"接种点{k}", ["流感", "乙肝", "狂犬"], lambda k: k * 3, lambda k: f"2026-03-0{k % 9 + 1} 08:00", lambda k: f"2026{k:05d}")),
    "殡葬收费": ("string string:c number string string", _table(
        "收费项目,收费性质,收费标准,计价单位,文件依据", lambda k: f"项目{k}", ["政府定价", "市场调节价"], lambda k: f"{k * 80}", ["元/具", "元/天", "元/次", "元/公里", "元/套", "元/盒", "元/份"], lambda k: f"营价发[20{k % 20:02d}]{k}号")),
    "结婚登记": ("year:k integer:u=对 integer:u=对 number:u=岁", _table(
        "年份,结婚登记（对）,离婚登记（对）,平均初婚年龄（岁）", lambda k: 1990 + k, lambda k: k * 100, lambda k: k * 20, lambda k: f"2{k % 10}.5")),
}  # fmt: skip
