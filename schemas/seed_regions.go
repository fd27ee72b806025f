package schemas

// regions is the nine regions by which the city counts. A county and the zones
// inside it are apart: a record has one region and counts there, once.
func regions() Taxonomy {
	return taxonomy(TaxRegion, "县区", "Region",
		"县级以上行政区划代码据 GB/T 2260；开发区、合作区为"+planSource+"所列，无国标代码", []Term{
			term("city", "市本级", "City level", "220300", "市直", "四平", "四平市", "四平市本级", "四平市市本级", "四平市直", "吉林省四平市"),
			place("tiedong", "铁东区", "Tiedong District", "220303", "铁东"),
			place("tiexi", "铁西区", "Tiexi District", "220302", "铁西"),
			place("lishu", "梨树县", "Lishu County", "220322", "梨树"),
			place("yitong", "伊通满族自治县", "Yitong Manchu Autonomous County", "220323", "伊通", "伊通县", "伊通自治县"),
			place("shuangliao", "双辽市", "Shuangliao City", "220382", "双辽"),
			term("siping-zone", "四平经济开发区", "Siping Economic Development Zone", "四平经开区", "四平开发区", "四平市经济开发区",
				"四平市经开区", "市经开区", "市经济开发区", "吉林四平经济开发区"),
			place("lishu-zone", "梨树县经济开发区", "Lishu Economic Development Zone", "", "梨树经济开发区", "梨树经开区", "梨树县经开区", "梨树开发区"),
			place("changping-zone", "长平产业合作区", "Changping Industrial Cooperation Zone", "", "长平合作区", "长平区"),
		})
}

// place is a region that addresses also write behind the city's or the
// province's name.
func place(id, name, nameEn, code string, short ...string) Term {
	t := term(id, name, nameEn)
	if code != "" {
		t.Aliases = append(t.Aliases, code)
	}
	for _, s := range append([]string{name}, short...) {
		if s != name {
			t.Aliases = append(t.Aliases, s)
		}
		t.Aliases = append(t.Aliases, "四平市"+s, "四平"+s, "吉林省四平市"+s, "吉林省"+s)
	}
	return t
}
