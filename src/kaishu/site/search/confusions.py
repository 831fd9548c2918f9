"""What people type for what a catalogue says: words near in meaning, characters alike in form or sound.

Lists of everyday confusions, written for this purpose; each line is one group.
"""

from __future__ import annotations

from functools import lru_cache

# Everyday words and those of the authorities; whoever types one means the others too.
NEAR_WORDS = """\
公交 公共汽车 巴士 公车
公交站 公交站点 公交车站 车站 站点
地铁 轨道交通 轻轨
出租车 出租汽车 的士 网约车
停车场 停车位 泊车 停车泊位
充电桩 充电站 充电设施
加油站 成品油
路况 交通运行 交通拥堵
驾校 驾驶培训 机动车驾驶员培训
违章 交通违法 违法行为
修车 机动车维修 汽车维修
医生 医师 大夫
护士 护理 护师
医院 医疗机构 卫生院 诊所
药店 零售药店 药房 药品零售
看病 就诊 门诊 诊疗
打针 疫苗 预防接种
医保 医疗保险 基本医疗保险
社保 社会保险 社会保障
养老金 养老保险 退休金
敬老院 养老机构 养老院 福利院
残疾人 残障
低保 最低生活保障 困难群众
婚姻登记 结婚 离婚
殡仪馆 殡葬 公墓 殡葬服务
幼稚园 幼儿园 托儿所 学前教育
托育 托幼 婴幼儿照护
学校 中小学 小学 中学
学区 招生范围 学区划分
老师 教师 师资
补习班 培训机构 校外培训 民办学校
高考 招生 考试
奖学金 助学金 资助
图书馆 书店 阅读
博物馆 文物 展览
景点 景区 旅游景区
旅馆 酒店 宾馆 民宿 星级饭店
旅行社 导游
厕所 公厕 公共厕所 卫生间 洗手间
公园 绿地 广场
健身 体育 体育场馆
饭店 餐饮 餐馆 餐饮服务
食品抽检 食品安全 抽检 监督抽检
菜价 农产品价格 物价 价格
菜市场 农贸市场 集贸市场
猪肉 生猪 畜禽
农药 化肥 农资
种地 种植 耕地
公司 企业 市场主体
个体户 个体工商户
营业执照 工商登记 企业登记 注册登记
破产 注销 吊销
罚款 行政处罚 处罚
审批 行政许可 许可 行政审批
黑名单 失信 严重违法失信 失信被执行人
信用 诚信 守信
招标 招投标 政府采购 公共资源交易
财政 预算 决算 三公经费
税收 纳税 税务
工资 薪酬 工资指导价 最低工资
招聘 岗位 就业 求职
失业 待业 失业保险
劳动 用工 劳务
房价 商品房 房屋价格 商品房销售
买房 房产 不动产 房地产
房产证 不动产登记 产权
租房 租赁 公租房 住房租赁
廉租房 保障房 保障性住房 公租房
公积金 住房公积金
物业 物业服务 小区
拆迁 征收 征地
自来水 供水 水质
污水 排污 污水处理
垃圾 环卫 生活垃圾 垃圾分类
空气 大气 空气质量
雾霾 大气污染 PM2.5
噪音 噪声
河流 水系 河道 河湖
水位 水情 水库
下雨 降水 降雨 雨量
天气 气象 天气预报
台风 气象灾害 灾害
地震 地震监测 避难场所
停电 供电 电力
煤气 燃气 天然气
快递 邮政 寄递
网吧 互联网上网服务营业场所 上网服务
电影院 影院 电影放映
律师 律师事务所 法律服务
公证 公证处
打官司 诉讼 法律援助
警察 公安 派出所
身份证 户籍 户口
护照 出入境
人口 常住人口 户籍人口
民族 少数民族
年鉴 统计年鉴 统计公报
国内生产总值 地区生产总值 gdp 生产总值
工业 规模以上工业
外贸 进出口 对外贸易
投资 固定资产投资
高新企业 高新技术企业 科技型企业
专利 知识产权
社团 社会组织 社会团体
志愿者 志愿服务
投诉 信访 举报
电话 联系电话 热线 12345
邮编 邮政编码
区号 长途区号
地图 地理信息 坐标
行政区 行政区划 区划
经纬度 坐标 经度 纬度
节假日 放假 假期 节日
日历 日期 农历
阴历 农历 旧历
日出 日落 太阳
"""
# Characters that are taken for each other by their form.
ALIKE = """\
己已巳 未末 土士 大太犬天夫 人入八 日曰目 甲由申电 千干于 刀力 贝见 问间闻 戊戌戍 辨辩瓣辫 拔拨 徒徙 侯候 肓盲育
粟栗 免兔 鸟乌 析折拆 崇祟 博搏膊 抽油轴 检捡俭险验 场扬汤杨肠 厂广 圆园员 幼幻 住往佳 积织职识 村材林 城诚域 治冶
环坏怀 境镜竟 污汗 圾级极 校较 枝技 师帅 疗辽 药约 企全金 业亚 罚罗 政攻 证征 登凳 记纪 许计 税脱说 费贵 价介 农衣
粮粱 永水 河何 气汽 象像 站占 线绿录 停亭 通桶道 桥娇 名各 单革 旅族 景影 点店 馆管 失夫 保堡 工土 资次 招拍 聘骋
养羊 残线 疾病 福副 刊利 救求 助肋 低底抵 防访 警惊 法去 律津 援缓 清请情 市布 设没投 治始 析桥 洪供 源原 遗遣
卷券 茶荼 赢羸 皿血 今令 代伐 侍待 伸仲 傅博 历厉 厨橱 叙斜 坚竖 复覆 夕歹 字宇 孤狐 官宫 密蜜 寇冠 将蒋 尤龙 屈届
岛鸟 幅辐 延廷 弊蔽 彻沏 微徽 忧优 怜伶 扰抚 抢枪 拘构 拢扰 持特 指脂 揭竭 撤撒 敞敝 斑班 旱早 晴睛 暴爆 末未 标际
株珠 根跟 梁粱 概慨 汇江 注往 浩洁 浪狼 浇烧 深探 渔鱼 漫慢 炮泡 爪瓜 牡杜 狠狼 珍诊 瑞端 瘦廋 皆皱 盖益 眼跟 砂沙
碳炭 祥样 秋愁 程呈 究穷 竞竟 笔毛 笼龙 篮蓝 籍藉 纺防 组祖 绩积 缉辑 缴激 罐灌 耕耘 肆肄 胁协 胜性 脉咏 腊蜡 舍含
航杭 船般 荐存 蒙梦 薄簿 虑虎 衷哀 裁栽载 规现 觉学 誉誊 讯迅 诉拆 课棵 财材 购够构沟 贷货 赁凭 距拒 跌铁 辐幅 辑缉
邮由 郊效 采菜 针什 钓钩 铁铣 锁销 阴阳 陪赔 障章 霄宵 靠告 顷倾 须顺 颁领 预须 频濒 饭反 饮钦 驻住 骗编 鉴签 龄令
"""


def near_words() -> list[list[str]]:
    """Groups of words near in meaning."""
    return [line.split() for line in NEAR_WORDS.splitlines()]


def alike() -> list[str]:
    """Groups of characters alike in form."""
    return ALIKE.split()


@lru_cache(maxsize=1)
def syllables() -> dict[str, str]:
    """Every character of GB/T 2312 by its syllable in pinyin, without tone."""
    from pypinyin import Style, lazy_pinyin

    found: dict[str, str] = {}
    for lead in range(0xB0, 0xF8):
        for trail in range(0xA1, 0xFF):
            character = bytes((lead, trail)).decode("gb2312", "ignore")
            if character:
                (syllable,) = lazy_pinyin(character, style=Style.NORMAL, v_to_u=False)
                found[syllable] = found.get(syllable, "") + character
    return found
