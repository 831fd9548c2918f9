"""Thirty small tables such as departments have, and the type that each field should get.

They are made up for the test; no value is anybody's.
"""

from __future__ import annotations

TABLES: dict[str, tuple[str, str]] = {
    "公园": ("string string string number number", "编号,名称,地址,经度,纬度\n001,中心公园,站前区一号,122.23,40.67\n002,东公园,西市区二号,122.21,40.66\n"),
    "学校": ("string string integer string", "学校代码,名称,在校学生数,联系电话\n2108000001,第一小学,1203,0417-2800001\n2108000002,第二小学,980,0417-2800002\n"),
    "企业": ("string string date string", "统一社会信用代码,企业名称,成立日期,经营状态\n91210800MA0QWERT1X,甲公司,2015-03-02,存续\n91210800MA0QWERT2Y,乙公司,2018-11-20,注销\n"),
    "空气质量": ("datetime string integer number", "时间,站点,AQI,PM2.5（微克/立方米）\n2026-01-01 00:00:00,东站,53,36.5\n2026-01-01 01:00:00,东站,61,41\n"),
    "人口": ("year integer number", "年份,常住人口（人）,自然增长率（‰）\n2023,2291000,-5.1\n2024,2270500,-5.4\n"),
    "公交": ("string string time time number", "线路,起点,首班车,末班车,票价（元）\n1路,火车站,05:30:00,21:00:00,1\n2路,客运站,06:00:00,20:30:00,1.5\n"),
    "许可": ("string string date date", "许可证号,持证单位,发证日期,有效期至\nJY12108000001,甲店,2025/1/3,2030/1/2\nJY12108000002,乙店,2025/11/20,2030/11/19\n"),
    "预算": ("string number", "科目编码,金额（万元）\n201,\"1,234.50\"\n20101,\"2,000.00\"\n"),
    "考勤": ("date boolean", "日期,是否工作日\n2026-10-01,否\n2026-10-08,是\n"),
    "停车场": ("string integer boolean", "名称,泊位数,是否收费\n甲停车场,120,是\n乙停车场,80,否\n"),
    "医院": ("string string string integer", "医院名称,等级,邮编,床位数\n中心医院,三级甲等,115000,1200\n中医院,三级乙等,115001,600\n"),
    "月度": ("yearmonth number", "月份,增加值增速（%）\n2026-01,5.2\n2026-02,4.8\n"),
    "增长": ("string number", "行业,同比\n制造业,5.2%\n采矿业,-3.1%\n"),
    "区划": ("string string", "行政区划代码,名称\n210802,站前区\n210803,西市区\n"),
    "身份": ("string integer", "身份证号码,人数\n000000000000000000,1\n000000000000000001,2\n"),
    "车辆": ("string string date", "车牌号码,车型,检验日期\n辽H00001,轻型货车,2026年3月2日\n辽H00002,小型客车,2026年11月20日\n"),
    "水位": ("datetime number", "观测时间,水位（米）\n2026/1/1 8:00,3.21\n2026/1/1 9:00,3.18\n"),
    "气温": ("date number number", "日期,最高气温（℃）,最低气温（℃）\n20260101,-1.5,-12\n20260102,0,-10.5\n"),
    "图书": ("string string year", "ISBN编号,书名,出版年\n9787000000001,甲书,2019\n9787000000002,乙书,2021\n"),
    "订单": ("string number datetime", "订单号码,金额,下单时间\n20260101000001,12.5,2026-01-01T08:00:00\n20260101000002,7,2026-01-01T08:30:00\n"),
    "网点": ("string string string", "网点名称,营业时间,网址\n甲网点,8:30-17:00,https://example.org/a\n乙网点,9:00-16:30,https://example.org/b\n"),
    "排名": ("integer string number", "序号,城市,得分\n1,甲市,98.5\n2,乙市,97\n3,丙市,96.25\n"),
    "检测": ("string string boolean", "样品编号,项目,合格\nS-1,甲,有\nS-2,乙,无\n"),
    "缺值": ("string integer number", "站点,客流,同比\n甲站,120,-\n乙站,-,1.5\n丙站,98,2\n"),
    "坐标": ("string number number", "name,lng,lat\nA,122.2,40.6\nB,122.3,40.7\n"),
    "电话": ("string string", "单位,办公电话\n甲局,2800001\n乙局,2800002\n"),
    "长整数": ("string string", "设备,资产标识\nA,100000000000000001\nB,100000000000000002\n"),
    "备注": ("string string", "事项,备注\n甲,\n乙,\n"),
    "季度": ("year string number", "年度,季度,产值（亿元）\n2025,一季度,312.5\n2025,二季度,330\n"),
    "点分日期": ("date string", "公示日期,项目\n2026.01.05,甲工程\n2026.02.10,乙工程\n"),
}  # fmt: skip
