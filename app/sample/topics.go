package sample

// topic is a field of work: the codes that it stands for and the words that are
// written about it.
type topic struct {
	industry, sub, sector string // codes; the sector is empty where the lists do not correspond
	directions            []string
	discipline            string   // of degrees
	national              string   // GB/T 4754-2017 of its firms
	weight                int      // how many of the city's talents work in it
	regions               []string // where it is at home
	faculty, lab          string
	firms                 []string // what its firms call themselves
	lines                 []line
	gains                 []string // what came of it, as a clause
	majors                []string
}

// line is something that is studied, a part that patents describe, and two ways
// in which it is studied.
type line struct{ subject, part, method, other string }

// topics are those of equipment, food, chemicals and metallurgy, and the ones
// of topics_life.go; firms and talents are spread over them.
var topics = append([]topic{
	{
		industry: "equipment", sub: "heat-exchange", sector: "heat-exchangers", directions: []string{"plate-exchangers", "tube-exchangers", "exchange-systems"},
		discipline: "engineering", national: "3332", weight: 17, regions: []string{"tiedong", "siping-zone", "tiexi"},
		faculty: "能源与动力工程学院", lab: "传热技术研究室", firms: []string{"换热科技", "换热设备", "热能装备", "传热技术"},
		lines: []line{
			{"换热器", "密封垫片", "传热强化", "数值模拟与性能测试"},
			{"板式换热器", "板片波纹结构", "流道结构优化", "抗结垢表面处理"},
			{"焊接式板式换热器", "芯体压紧框架", "激光焊接成形", "疲劳强度分析"},
			{"管式换热器", "折流支撑组件", "防振设计", "壳程流场模拟"},
			{"空冷器", "翅片管束", "防冻控制", "风机节能调速"},
			{"换热机组", "分程控制单元", "能效在线监测", "集成设计"},
		},
		gains:  []string{"传热系数提高约12%", "整机能耗下降8%", "大型机组实现国产化配套", "在供热改造项目中稳定运行三个采暖季"},
		majors: []string{"动力工程及工程热物理", "化工过程机械", "热能工程"},
	},
	{
		industry: "equipment", sub: "special-vehicles", sector: "manufacturing", directions: []string{"special-vehicles", "smart-manufacturing"},
		discipline: "engineering", national: "3630", weight: 8, regions: []string{"tiexi", "siping-zone", "changping-zone"},
		faculty: "汽车工程学院", lab: "车辆结构研究室", firms: []string{"专用汽车", "专用车制造", "特种车辆"},
		lines: []line{
			{"专用车", "取力传动装置", "轻量化设计", "整车可靠性试验"},
			{"环卫车", "清扫盘总成", "上装电控系统开发", "低温启动"},
			{"冷藏车", "厢体保温层", "保温性能优化", "温度场仿真"},
			{"罐车", "罐体防波结构", "有限元强度分析", "防侧翻控制"},
			{"除雪车", "除雪铲快换机构", "液压系统匹配", "路面适应性试验"},
		},
		gains:  []string{"整备质量减轻9%", "新车型进入产品公告（示例）", "高寒地区作业故障率下降三成"},
		majors: []string{"车辆工程", "机械工程", "机械电子工程"},
	},
	{
		industry: "equipment", sub: "poultry-slaughter", sector: "manufacturing", directions: []string{"poultry-equipment", "smart-manufacturing"},
		discipline: "engineering", national: "3532", weight: 4, regions: []string{"tiedong", "lishu", "siping-zone"},
		faculty: "机械工程学院", lab: "食品装备研究室", firms: []string{"食品机械", "屠宰装备", "禽类加工机械"},
		lines: []line{
			{"家禽屠宰设备", "脱羽辊组", "高速悬挂输送", "清洗消毒一体化设计"},
			{"家禽掏膛机", "掏膛机械手", "柔性夹持", "动作节拍优化"},
			{"家禽分割生产线", "自动称重分级装置", "机器视觉分级", "整线集成控制"},
		},
		gains:  []string{"单线每小时处理能力提高到1.2万只", "用工减少四成", "整线实现出口"},
		majors: []string{"机械设计制造及其自动化", "农业机械化工程", "控制工程"},
	},
	{
		industry: "equipment", sub: "auto-parts", sector: "manufacturing", directions: []string{"auto-parts", "smart-manufacturing"},
		discipline: "engineering", national: "3670", weight: 5, regions: []string{"tiexi", "changping-zone", "siping-zone"},
		faculty: "材料科学与工程学院", lab: "精密成形研究室", firms: []string{"汽车零部件", "车桥部件", "精密铸造"},
		lines: []line{
			{"汽车零部件", "热处理工装", "在线视觉检测", "数字化车间集成"},
			{"轻量化底盘件", "铝合金转向节", "精密锻造", "疲劳寿命预测"},
			{"汽车制动器", "制动鼓", "摩擦噪声控制", "台架试验"},
			{"精密铸件", "压铸模具镶块", "凝固过程模拟", "缺陷控制"},
		},
		gains:  []string{"一次交检合格率提高到99.2%", "关键工序数控化率超过八成", "成为整车厂配套产品"},
		majors: []string{"材料成型及控制工程", "机械制造及其自动化", "工业工程"},
	},
	{
		industry: "equipment", sub: "safety-equipment", sector: "manufacturing", directions: []string{"safety-equipment", "iot"},
		discipline: "engineering", national: "3595", weight: 3, regions: []string{"tiedong", "city", "siping-zone"},
		faculty: "安全工程学院", lab: "监测预警研究室", firms: []string{"安全装备", "消防科技"},
		lines: []line{
			{"安全监测预警设备", "气体传感探头", "多传感器融合", "无线组网"},
			{"消防报警系统", "联动控制主机", "早期火情识别", "误报抑制"},
			{"危化品储运装置", "阻火泄压阀", "泄漏扩散模拟", "本质安全设计"},
		},
		gains:  []string{"预警响应时间缩短到3秒以内", "在园区企业推广应用200余套"},
		majors: []string{"安全科学与工程", "检测技术与自动化装置"},
	},
	{
		industry: "food", sub: "cereal-food", sector: "agri-processing", directions: []string{"grain-processing", "fermentation"},
		discipline: "engineering", national: "1391", weight: 6, regions: []string{"lishu", "lishu-zone", "shuangliao"},
		faculty: "食品科学与工程学院", lab: "粮食加工研究室", firms: []string{"玉米生物", "粮食科技", "谷物食品"},
		lines: []line{
			{"玉米淀粉", "湿磨浸泡罐", "酶法改性", "水循环利用"},
			{"玉米精深加工产品", "酶解反应器", "副产物高值化利用", "连续化生产"},
			{"谷物食品", "挤压膨化机头", "挤压重组", "质构调控"},
			{"鲜食玉米", "真空锁鲜包装", "采后保鲜", "品质快速检测"},
			{"玉米膳食纤维", "超微粉碎装置", "提取工艺优化", "功能性评价"},
		},
		gains:  []string{"产品得率提高3个百分点", "吨产品水耗下降15%", "开发出五个系列主食产品"},
		majors: []string{"食品科学与工程", "粮食、油脂及植物蛋白工程", "发酵工程"},
	},
	{
		industry: "food", sub: "green-food", sector: "agri-processing", directions: []string{"food-safety", "fermentation"},
		discipline: "science", national: "1469", weight: 4, regions: []string{"yitong", "tiedong", "lishu"},
		faculty: "生命科学学院", lab: "应用微生物研究室", firms: []string{"绿色食品", "生物发酵", "食品检测"},
		lines: []line{
			{"发酵食品", "恒温发酵罐", "高密度发酵", "风味调控"},
			{"酸菜直投式菌剂", "菌种保藏装置", "菌种选育", "亚硝酸盐控制"},
			{"食品安全检测试剂", "快速检测试纸条", "风险因子快速筛查", "标准物质研制"},
		},
		gains:  []string{"发酵周期缩短三分之一", "检测时间由24小时压缩到40分钟"},
		majors: []string{"食品科学", "微生物学", "农产品加工及贮藏工程"},
	},
	{
		industry: "food", sub: "fruit-vegetables", sector: "agri-processing", directions: []string{"oil-fruit", "food-safety"},
		discipline: "agriculture", national: "1371", weight: 2, regions: []string{"shuangliao", "lishu", "yitong"},
		faculty: "食品科学与工程学院", lab: "果蔬贮藏研究室", firms: []string{"果蔬食品", "花生食品"},
		lines: []line{
			{"花生制品", "脱壳分选机", "黄曲霉毒素防控", "冷榨制油"},
			{"果蔬冻干产品", "冻干仓", "真空冷冻干燥", "护色保鲜"},
			{"杂粮营养粉", "低温烘焙设备", "营养复配", "速溶性改良"},
		},
		gains:  []string{"产后损耗降低到5%以下", "带动种植基地2万亩"},
		majors: []string{"农产品加工及贮藏工程", "园艺学"},
	},
	{
		industry: "chemicals", sub: "fine-chemicals", sector: "fine-chemicals", directions: []string{"intermediates", "additives", "water-chemicals", "chlor-alkali"},
		discipline: "engineering", national: "2614", weight: 6, regions: []string{"tiexi", "siping-zone", "shuangliao"},
		faculty: "化学工程学院", lab: "精细化学品研究室", firms: []string{"精细化工", "化学科技", "水处理技术"},
		lines: []line{
			{"精细化学品", "微通道反应器", "连续流反应", "过程强化"},
			{"医药中间体", "连续结晶釜", "绿色合成", "杂质谱分析"},
			{"水处理药剂", "加药混合装置", "复配增效", "阻垢性能评价"},
			{"饲料添加剂", "喷雾造粒塔", "包被制备", "稳定性研究"},
			{"氯碱副产物", "溶剂回收单元", "资源化利用", "精馏节能"},
		},
		gains:  []string{"三废排放减少四成", "反应收率提高到92%", "完成百吨级中试"},
		majors: []string{"应用化学", "化学工程与技术", "有机化学"},
	},
	{
		industry: "chemicals", sub: "chemical-materials", sector: "materials", directions: []string{"catalysts", "enzymes", "coatings"},
		discipline: "science", national: "2661", weight: 4, regions: []string{"siping-zone", "tiexi"},
		faculty: "化学学院", lab: "催化与高分子研究室", firms: []string{"催化材料", "新材料技术", "涂料科技"},
		lines: []line{
			{"高效催化剂", "固定床评价装置", "活性组分调控", "失活机理分析"},
			{"环保涂料", "高速分散釜", "水性化改性", "耐候性评价"},
			{"工业酶制剂", "膜浓缩组件", "定向进化", "固定化制备"},
			{"可降解高分子材料", "双螺杆挤出模头", "共混增韧", "降解性能测试"},
		},
		gains:  []string{"催化剂寿命延长到8000小时", "挥发性有机物含量下降六成", "打破同类产品依赖进口的局面"},
		majors: []string{"高分子化学与物理", "工业催化", "物理化学"},
	},
	{
		industry: "chemicals", sub: "straw", sector: "energy-environment", directions: []string{"carbon-straw", "bio-chemicals", "waste-recycling"},
		discipline: "engineering", national: "2541", weight: 3, regions: []string{"lishu", "shuangliao", "lishu-zone"},
		faculty: "环境科学与工程学院", lab: "生物质能研究室", firms: []string{"秸秆新能源", "生物质科技", "环保科技"},
		lines: []line{
			{"秸秆成型燃料", "环模压块机构", "预处理工艺优化", "燃烧特性研究"},
			{"秸秆纤维素乙醇", "水解反应器", "酶解糖化", "全生命周期评价"},
			{"秸秆基质", "好氧发酵槽", "腐熟调控", "育苗效果评价"},
			{"二氧化碳捕集装置", "吸收塔填料", "吸收剂再生", "矿化利用"},
		},
		gains:  []string{"年消纳秸秆6万吨", "单位产品能耗下降11%"},
		majors: []string{"环境工程", "生物质能工程", "化学工艺"},
	},
	{
		industry: "metallurgy", sub: "new-materials", sector: "materials", directions: []string{"special-materials", "non-ferrous", "building-materials"},
		discipline: "engineering", national: "3252", weight: 6, regions: []string{"tiexi", "siping-zone", "shuangliao"},
		faculty: "材料科学与工程学院", lab: "金属材料研究室", firms: []string{"金属材料", "新型建材", "特种材料"},
		lines: []line{
			{"铝合金型材", "连铸结晶器", "组织性能调控", "在线淬火"},
			{"特种钢构件", "热轧导卫", "低碳冶炼", "表面防护"},
			{"新型墙体材料", "蒸压养护釜", "固废掺配", "保温性能优化"},
			{"耐蚀合金板材", "轧制辊系", "成分设计", "焊接性研究"},
			{"石墨复合材料", "粉末包覆装置", "界面改性", "导热性能测试"},
		},
		gains:  []string{"抗拉强度提高15%", "固废掺量达到30%", "替代进口板材用于换热设备"},
		majors: []string{"材料科学与工程", "冶金工程", "无机非金属材料"},
	},
}, lifeTopics...)
