package schemas

// SeedInstitutions returns the sixteen institutions that the plan works with,
// in the order of the plan, with the names that forms write. A name that
// other well-known bodies share, such as 东大 or 光机所, is left out.
func SeedInstitutions() []Institution {
	return []Institution{
		institution("cas", "academy", "北京市", "", "中国科学院", "Chinese Academy of Sciences", "中科院", "CAS"),
		institution("cae", "academy", "北京市", "", "中国工程院", "Chinese Academy of Engineering", "CAE"),
		institution("cas-changchun", "academy", "长春市", "cas", "中国科学院长春分院", "Changchun Branch, Chinese Academy of Sciences",
			"中科院长春分院", "长春分院"),
		institution("ciomp", "institute", "长春市", "cas-changchun", "中国科学院长春光学精密机械与物理研究所",
			"Changchun Institute of Optics, Fine Mechanics and Physics, Chinese Academy of Sciences",
			"长光所", "长春光机所", "中科院长春光机所", "中国科学院长春光机所", "中科院长光所", "长春光学精密机械与物理研究所", "CIOMP"),
		institution("ciac", "institute", "长春市", "cas-changchun", "中国科学院长春应用化学研究所",
			"Changchun Institute of Applied Chemistry, Chinese Academy of Sciences",
			"应化所", "长春应化所", "中科院长春应化所", "中国科学院长春应化所", "中科院应化所", "长春应用化学研究所", "CIAC"),
		institution("iga", "institute", "长春市", "cas-changchun", "中国科学院东北地理与农业生态研究所",
			"Northeast Institute of Geography and Agroecology, Chinese Academy of Sciences",
			"东北地理所", "中科院东北地理所", "中国科学院东北地理所", "东北地理与农业生态研究所", "IGA"),
		institution("jlu", "university", "长春市", "", "吉林大学", "Jilin University", "吉大", "JLU"),
		institution("nenu", "university", "长春市", "", "东北师范大学", "Northeast Normal University", "东北师大", "东师", "NENU"),
		institution("neu", "university", "沈阳市", "", "东北大学", "Northeastern University", "东北大学（沈阳）", "NEU"),
		institution("cust", "university", "长春市", "", "长春理工大学", "Changchun University of Science and Technology",
			"长春理工", "长理工", "长春光学精密机械学院", "长春光机学院", "CUST"),
		institution("ccut", "university", "长春市", "", "长春工业大学", "Changchun University of Technology",
			"长春工大", "长工大", "CCUT"),
		institution("jlau", "university", "长春市", "", "吉林农业大学", "Jilin Agricultural University", "吉林农大", "吉农大", "JLAU"),
		institution("jlnu", "university", "四平市", "", "吉林师范大学", "Jilin Normal University", "吉林师大", "吉师大", "四平师范学院", "四平师院", "JLNU"),
		institution("boda", "college", "四平市", "jlnu", "吉林师范大学博达学院", "Boda College of Jilin Normal University",
			"博达学院", "吉林师大博达学院", "吉师大博达学院", "吉师博达"),
		institution("siping-college", "college", "四平市", "", "四平职业大学", "Siping Vocational University", "四平职大", "四平职业大"),
		institution("engineering-college", "college", "四平市", "", "吉林工程职业学院", "Jilin Engineering Vocational College",
			"吉林工程职院", "吉工程职院"),
	}
}

func institution(id, kind, place, parent, name, nameEn string, aliases ...string) Institution {
	return Institution{Meta{ID: id}, InstitutionFields{
		Name: name, NameEn: nameEn, Kind: kind, Region: place, Aliases: aliases, Parent: parent,
		Note: planSource + "三（七）",
	}}
}
