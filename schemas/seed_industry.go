package schemas

const (
	planSource  = "四平市科技发展“十四五”规划"
	crossSource = "规划未给出两套口径的对应关系，对照为推定，待确认"
)

// industries is 八大产业 of the plan, part two, with the sub-fields that part
// three gives; it names none for 智慧物流 and 休闲旅游.
func industries() Taxonomy {
	t := taxonomy(TaxIndustry, "产业领域", "Industry", planSource+"二（一）八大产业，子领域据三（一）；"+crossSource,
		under(term("agriculture", "现代农业", "Modern agriculture", "农业", "现代农业产业"),
			term("black-soil", "黑土地保护", "Black soil conservation", "黑土地保护性耕作"),
			term("eco-agriculture", "生态农业", "Ecological agriculture", "高效绿色生产", "生态循环农业"),
			term("germplasm", "种质创新", "Germplasm innovation", "种业", "新品种培育", "育种"),
			term("livestock", "畜牧养殖", "Livestock farming", "畜牧业", "养殖业", "改良繁育"),
			term("farm-machinery", "农机装备", "Farm machinery", "农业机械", "农机"),
			term("grain", "粮食加工", "Grain processing", "粮食加工技术")),
		under(term("equipment", "特色装备", "Specialty equipment", "特色装备制造", "装备制造", "装备制造业"),
			term("special-vehicles", "专用车", "Special-purpose vehicles", "专用汽车", "环卫车", "冷藏车", "罐车"),
			term("heat-exchange", "换热设备", "Heat exchange equipment", "换热器", "换热"),
			term("special-equipment", "特种装备制造", "Special equipment manufacturing", "特种装备"),
			term("auto-parts", "汽车配件", "Automotive parts", "汽车零部件", "汽车配件产业"),
			term("poultry-slaughter", "家禽屠宰", "Poultry slaughtering equipment", "家禽屠宰设备", "屠宰设备"),
			term("safety-equipment", "安全生产设备", "Work safety equipment", "安全生产装备")),
		under(term("food", "食品加工", "Food processing", "食品", "食品工业", "食品加工产业"),
			term("cereal-food", "谷物食品", "Cereal food", "高品质谷物食品"),
			term("green-food", "绿色食品", "Green food"),
			term("fruit-vegetables", "绿色果蔬", "Fruit and vegetables", "果蔬")),
		under(term("chemicals", "基础化工", "Basic chemicals", "化工", "化工产业", "化学工业"),
			term("chlor-alkali", "氯碱化工", "Chlor-alkali chemicals", "氯碱"),
			term("fine-chemicals", "精细化工", "Fine chemicals", "精细化学品"),
			term("bio-chemicals", "生物化工", "Bio-based chemicals", "燃料乙醇", "纤维素乙醇"),
			term("chemical-materials", "化工新材料", "New chemical materials", "催化剂"),
			term("carbon-dioxide", "二氧化碳综合利用", "Carbon dioxide utilisation", "二氧化碳利用"),
			term("straw", "秸秆综合利用", "Straw utilisation", "秸秆利用")),
		under(term("health", "医药健康", "Medicine and health", "医药", "医药产业", "生物医药", "大健康"),
			term("chinese-medicine", "现代中药", "Modern Chinese medicine", "中药", "中医药", "中成药"),
			term("chemical-drugs", "化学药", "Chemical drugs", "化药", "原料药", "化学药品"),
			term("health-food", "保健食品", "Health food", "保健品", "梅花鹿保健品"),
			term("medical-devices", "医疗器械", "Medical devices", "康复器械"),
			term("cell-technology", "细胞技术", "Cell technology", "细胞治疗", "细胞产业")),
		under(term("metallurgy", "冶金建材", "Metallurgy and building materials", "冶金", "建材", "冶金建材产业"),
			term("building-materials", "新型建材", "New building materials", "新型建筑材料"),
			term("non-ferrous", "有色金属加工", "Non-ferrous metal processing", "有色金属", "有色金属精深加工"),
			term("new-materials", "新材料", "New materials", "特种材料", "新材料产业")),
		under(term("logistics", "智慧物流", "Smart logistics", "物流", "现代物流", "物流业")),
		under(term("tourism", "休闲旅游", "Leisure tourism", "旅游", "旅游业", "文旅", "生态旅游康养")),
	)
	to := func(sector string, codes ...string) (rows []Cross) {
		for _, c := range codes {
			rows = append(rows, cross(c, TaxSector, sector))
		}
		return rows
	}
	for _, rows := range [][]Cross{
		to("", "agriculture", "black-soil", "eco-agriculture", "germplasm", "livestock"),
		to("manufacturing", "farm-machinery"),
		to("agri-processing", "grain"),
		to("manufacturing", "equipment", "special-vehicles", "special-equipment", "auto-parts", "poultry-slaughter", "safety-equipment"),
		to("heat-exchangers", "heat-exchange"),
		to("agri-processing", "food", "cereal-food", "green-food", "fruit-vegetables"),
		to("fine-chemicals", "chemicals", "chlor-alkali", "fine-chemicals", "bio-chemicals"),
		to("materials", "chemical-materials"),
		to("energy-environment", "carbon-dioxide", "straw"),
		to("bio-medicine", "health", "chinese-medicine", "chemical-drugs", "health-food", "medical-devices", "cell-technology"),
		to("materials", "metallurgy", "building-materials", "non-ferrous", "new-materials"),
		to("", "logistics", "tourism"),
	} {
		t.Crosswalk = append(t.Crosswalk, rows...)
	}
	return t
}

// sectors is 专栏领域: the eight rows of the plan's table 企业创新主体发展专栏, by
// which its targets for firms are split.
func sectors() Taxonomy {
	t := taxonomy(TaxSector, "专栏领域", "Sector", planSource+"三（二）企业创新主体发展专栏；"+crossSource, []Term{
		term("heat-exchangers", "换热器", "Heat exchangers", "换热器领域", "换热设备", "换热"),
		term("manufacturing", "先进制造", "Advanced manufacturing", "先进制造业", "装备制造"),
		term("agri-processing", "农产品加工", "Agricultural product processing", "农产品深加工", "先进农产品"),
		term("fine-chemicals", "精细化工", "Fine chemicals", "精细化学品"),
		term("materials", "新材料", "New materials", "先进材料"),
		term("energy-environment", "节能与环保", "Energy saving and environment", "节能环保", "节能", "环保"),
		term("electronics", "电子信息", "Electronics and information", "信息技术", "新一代信息技术"),
		term("bio-medicine", "生物技术与医药", "Biotechnology and medicine", "生物医药", "生物技术", "医药健康"),
	})
	t.Crosswalk = []Cross{
		cross("heat-exchangers", TaxIndustry, "equipment"),
		cross("manufacturing", TaxIndustry, "equipment"),
		cross("agri-processing", TaxIndustry, "food"),
		cross("fine-chemicals", TaxIndustry, "chemicals"),
		cross("materials", TaxIndustry, "metallurgy"),
		cross("energy-environment", TaxIndustry, ""),
		cross("electronics", TaxIndustry, ""),
		cross("bio-medicine", TaxIndustry, "health"),
	}
	return t
}

// cross is one presumed row. Every code has exactly one, so that a total is the
// same in both lists.
func cross(from, list, to string) Cross {
	if to == "" {
		return Cross{ID: from + "-none", From: from, Taxonomy: list, Presumed: true, Note: "未对应；推定，待确认"}
	}
	return Cross{ID: from + "-" + to, From: from, Taxonomy: list, To: to, Presumed: true, Note: "推定，待确认"}
}
