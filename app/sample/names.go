package sample

// surnames come common first. Among the rarer ones are those that are misread
// (单 解 仇 曾 查 区 盖 乐), double ones and those of the Manchu of 伊通.
var (
	surnames = []string{
		"王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马", "罗",
		"梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧", "程", "曹", "袁", "邓", "许", "傅", "沈", "曾", "彭", "吕",
		"苏", "卢", "蒋", "蔡", "贾", "丁", "魏", "薛", "叶", "阎", "余", "潘", "杜", "戴", "夏", "钟", "汪", "田", "任", "姜",
		"范", "方", "石", "姚", "谭", "廖", "邹", "熊", "金", "陆", "郝", "孔", "白", "崔", "康", "毛", "邱", "秦", "江", "史",
		"顾", "侯", "邵", "孟", "龙", "万", "段", "雷", "钱", "汤", "尹", "黎", "易", "常", "武", "乔", "贺", "赖", "龚", "文",
	}
	rareSurnames = []string{
		"单", "解", "仇", "查", "区", "盖", "乐", "朴", "覃", "逄", "佴", "逯", "尉迟", "欧阳", "上官", "司徒", "诸葛", "皇甫", "令狐", "长孙",
	}
	manchuSurnames = []string{"那", "关", "佟", "赫", "富", "鄂", "图", "舒"}
	koreanSurnames = []string{"朴", "金", "崔", "全", "太", "玄"}

	menGiven = []string{
		"知远", "明哲", "嘉木", "景行", "思齐", "承志", "守拙", "望舒", "存真", "立言", "怀瑾", "鸿渐", "君实", "子衡", "云帆", "致远", "若谷", "行健", "弘毅", "博文",
		"向东", "长林", "春和", "晓峰", "建业", "树人", "国栋", "志坚", "文渊", "启明", "一鸣", "海川", "泽田", "松年", "北辰", "光远", "维新", "永年", "玉山", "秉文",
		"诚", "岳", "钧", "屹", "恺", "朗", "喆", "堃", "翀", "赟",
	}
	womenGiven = []string{
		"静姝", "若兰", "知微", "采薇", "清扬", "雨桐", "书瑶", "婉清", "晓棠", "映雪", "念慈", "思源", "素心", "月华", "秋实", "文茵", "如玉", "佩文", "海棠", "雪松",
		"慧敏", "春晖", "丽华", "玉兰", "晓丹", "凤鸣", "雅琴", "冬梅", "芷若", "明霞", "颖", "昕", "岚", "彧", "婧", "琬",
	}
	// rareGiven are written with characters outside the common range.
	rareGiven = []string{"䶮", "㛃", "𬱖", "𬍛", "明𬭎", "子䶮", "玥𬀩", "文㛃"}

	// minorities and foreigners have names of their own shape, with · and without.
	minorities = []identity{
		{"乌云·示例", "female", "蒙古族", home, 0},
		{"巴图·示例", "male", "蒙古族", home, 0},
		{"阿古拉", "male", "蒙古族", home, 0},
		{"塔娜", "female", "蒙古族", home, 0},
		{"艾力·示例江", "male", "维吾尔族", home, 0},
		{"阿依努尔·示例", "female", "维吾尔族", home, 0},
		{"那仁示例", "male", "锡伯族", home, 0},
		{"扎西示例", "male", "藏族", home, 0},
	}
	foreigners = []identity{
		{"安德烈·谢苗诺夫", "male", "", "俄罗斯", 0},
		{"叶莲娜 彼得罗娃", "female", "", "俄罗斯", 0},
		{"安娜·伊万诺娃", "female", "", "白俄罗斯", 0},
		{"托马斯·施耐德", "male", "", "德国", 0},
		{"John Example", "male", "", "英国", 0},
		{"Maria Example", "female", "", "意大利", 0},
		{"示例健一郎", "male", "", "日本", 0},
		{"Pavel Sample-Novak", "male", "", "捷克", 0},
	}
)

// identity is who somebody is said to be.
type identity struct {
	name, gender, ethnicity, nationality string
	born                                 int
}

const home = "中国"

// newIdentity draws a person born in a year; outsiders may be foreigners.
func newIdentity(c *chance, born int, outsider bool) identity {
	k := c.n(100)
	if k < 4 {
		who := pick(c, minorities)
		if k < 2 && outsider {
			who = pick(c, foreigners)
		}
		who.born = born
		return who
	}
	who := identity{gender: "male", ethnicity: "汉族", nationality: home, born: born}
	given := menGiven
	if c.of(32) {
		who.gender, given = "female", womenGiven
	}
	switch {
	case k < 8:
		who.name, who.ethnicity = pick(c, manchuSurnames), "满族"
	case k < 10:
		who.name, who.ethnicity = pick(c, koreanSurnames), "朝鲜族"
	case k < 17:
		who.name = pick(c, rareSurnames)
	case k < 60:
		who.name = pick(c, surnames[:20])
	default:
		who.name = pick(c, surnames)
	}
	if c.of(3) {
		given = rareGiven
	}
	who.name += pick(c, given)
	return who
}
