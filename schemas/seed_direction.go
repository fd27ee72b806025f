package schemas

// directions is 技术方向, the controlled list of the masked card: coarse enough
// that a direction names nobody. A parent is a code of the list of industries;
// directions that serve all industries have none.
func directions() Taxonomy {
	return taxonomy(TaxDirection, "技术方向", "Technical direction",
		"据"+planSource+"三（一）各专栏归纳；上级为产业领域代码，跨产业方向无上级",
		within("agriculture",
			term("black-soil", "黑土地保护", "Black soil conservation", "保护性耕作", "黑土地"),
			term("no-till", "免耕与秸秆还田", "No-till farming and straw mulching", "免耕", "秸秆还田", "秸秆覆盖还田", "免耕栽培"),
			term("maize-breeding", "玉米育种", "Maize breeding", "单倍体育种", "玉米单倍体育种", "玉米种质"),
			term("crop-breeding", "花生与作物分子育种", "Peanut and molecular crop breeding", "花生育种", "分子育种", "作物育种"),
			term("crop-growing", "粮食高产高效栽培", "High-yield crop growing", "超高产栽培", "高效栽培", "高产高效"),
			term("crop-protection", "农业生物灾害防控", "Crop pest and disaster control", "病虫害防治", "植物保护", "植保", "生物灾害防御"),
			term("livestock", "畜牧养殖与良种繁育", "Livestock farming and breeding", "畜牧养殖", "良种繁育", "改良繁育", "畜禽育种"),
			term("farm-machinery", "智能农机装备", "Smart farm machinery", "农机", "农业机械", "农机装备", "免耕播种机", "联合收割机"),
			term("agri-sensing", "农业遥感与无人作业", "Farm remote sensing and unmanned operation", "农业遥感", "无人驾驶作业", "农业大数据")),
		within("equipment",
			term("plate-exchangers", "板式换热器", "Plate heat exchangers", "板换", "焊接式板式换热器", "PHE"),
			term("tube-exchangers", "管式换热器与空冷器", "Tubular exchangers and air coolers", "管式换热器", "空冷器", "管壳式换热器"),
			term("exchange-systems", "换热系统集成", "Integrated heat exchange systems", "换热机组", "换热系统", "换热器机组"),
			term("special-vehicles", "专用车", "Special-purpose vehicles", "专用汽车", "环卫车", "冷藏车", "罐车"),
			term("auto-parts", "汽车零部件", "Automotive parts", "汽车配件", "汽车零件"),
			term("poultry-equipment", "家禽屠宰及深加工装备", "Poultry slaughtering and processing equipment", "家禽屠宰", "屠宰设备", "屠宰装备"),
			term("safety-equipment", "安全生产与消防装备", "Work safety and fire equipment", "安全生产设备", "消防装备", "消防科技"),
			term("smart-manufacturing", "智能制造", "Smart manufacturing", "先进制造", "智能工厂", "数字化车间", "智能化工厂")),
		within("food",
			term("grain-processing", "粮食与玉米精深加工", "Grain and maize processing", "玉米深加工", "粮食加工", "玉米精深加工"),
			term("fermentation", "功能性发酵制品", "Functional fermented products", "发酵工程", "发酵制品", "发酵"),
			term("oil-fruit", "油料杂粮果蔬加工", "Oil crop, coarse grain, fruit and vegetable processing", "油料加工", "果蔬加工", "杂粮加工"),
			term("food-safety", "食品安全控制", "Food safety control", "食品安全", "食品检测", "食品安全检测")),
		within("chemicals",
			term("chlor-alkali", "氯碱化工", "Chlor-alkali chemicals", "氯碱"),
			term("intermediates", "医药中间体", "Pharmaceutical intermediates", "药物中间体"),
			term("water-chemicals", "水处理化学品", "Water treatment chemicals", "水处理剂"),
			term("additives", "饲料与食品添加剂", "Feed and food additives", "饲料添加剂", "食品添加剂"),
			term("catalysts", "高效催化剂与化工新材料", "Catalysts and chemical materials", "催化剂", "高效催化剂", "化工新材料", "高分子材料"),
			term("enzymes", "酶制剂", "Enzyme preparations", "酶工程"),
			term("coatings", "环保涂料", "Environmental coatings", "涂料"),
			term("bio-chemicals", "纤维素乙醇与生物化工", "Cellulosic ethanol and bio-chemicals", "纤维素乙醇", "燃料乙醇", "生物化工"),
			term("carbon-straw", "二氧化碳与秸秆综合利用", "Carbon dioxide and straw utilisation", "二氧化碳利用", "二氧化碳综合利用", "秸秆综合利用")),
		within("health",
			term("chinese-medicine", "现代中药", "Modern Chinese medicine", "中药", "中成药", "中药新药", "中医药"),
			term("chemical-drugs", "化学药与原料药", "Chemical drugs and ingredients", "化学药", "原料药", "头孢类抗菌药"),
			term("deer", "梅花鹿产品与保健食品", "Sika deer products and health food", "梅花鹿", "保健食品", "鹿产品"),
			term("medical-devices", "医疗与康复器械", "Medical and rehabilitation devices", "医疗器械", "康复器械"),
			term("cells", "细胞技术", "Cell technology", "细胞治疗", "干细胞", "细胞制备"),
			term("disease-control", "疾病诊断与防控", "Disease diagnosis and control", "疾病防控", "早期诊断", "传染病防治", "地方病防治")),
		within("metallurgy",
			term("non-ferrous", "有色金属精深加工", "Non-ferrous metal processing", "有色金属", "有色金属加工"),
			term("building-materials", "新型建材", "New building materials", "建材", "新型建筑材料"),
			term("special-materials", "特种材料与新材料", "Special and new materials", "新材料", "特种材料", "先进材料")),
		within("logistics", term("smart-logistics", "智慧物流", "Smart logistics", "现代物流", "冷链物流", "物流")),
		within("tourism", term("wellness-tourism", "生态旅游与康养", "Eco-tourism and wellness", "生态旅游", "康养", "休闲旅游", "休闲农业")),
		within("",
			term("artificial-intelligence", "人工智能", "Artificial intelligence", "AI", "机器学习", "机器视觉"),
			term("big-data", "大数据与区块链", "Big data and blockchain", "大数据", "区块链"),
			term("iot", "5G 与物联网", "5G and the Internet of Things", "物联网", "5G", "IoT"),
			term("clean-energy", "清洁能源与生物能源", "Clean and bio-energy", "清洁能源", "生物能源", "新能源"),
			term("energy-saving", "节能节水与清洁生产", "Energy and water saving, clean production", "节能", "节水", "清洁生产", "节能环保"),
			term("water-treatment", "污水处理与饮用水安全", "Sewage treatment and drinking water safety", "污水处理", "水处理", "饮用水安全"),
			term("waste-recycling", "固体废弃物循环利用", "Solid waste recycling", "固废利用", "固体废弃物综合循环利用", "废弃物资源化")),
	)
}

// within sets the industry of directions; the industry is no term of the list.
func within(industry string, terms ...Term) []Term {
	for i := range terms {
		terms[i].Parent = industry
	}
	return terms
}
