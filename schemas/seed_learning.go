package schemas

import (
	"slices"
	"strconv"
)

// educationLevels is 学历 of GB/T 4658-2006, whole; its codes are aliases.
func educationLevels() Taxonomy {
	return taxonomy(TaxEducation, "学历", "Education", "GB/T 4658-2006《学历代码》，国标代码为别名",
		under(term("postgraduate", "研究生教育", "Postgraduate education", "10", "研究生", "在职研究生", "研究生学历", "研究生毕业"),
			slices.Concat(
				schooling(11, "doctor", "博士研究生", "Doctoral studies",
					"博士", "博士生", "博士学历", "博士研究生学历", "研究生（博士）", "博士后", "Ph.D", "Ph. D.", "Doctor", "Doctorate"),
				schooling(14, "master", "硕士研究生", "Master's studies",
					"硕士", "硕士生", "硕士学历", "硕士研究生学历", "研究生（硕士）", "Master"),
				schooling(17, "graduate-class", "研究生班", "Graduate class"))...),
		under(term("undergraduate", "大学本科教育", "Undergraduate education", "20"),
			append(schooling(21, "bachelor", "大学本科", "Undergraduate studies",
				"本科", "大学", "大本", "本科学历", "全日制本科", "大学学历", "大学文化", "大学毕业", "Bachelor"),
				term("ordinary-class", "大学普通班毕业", "Ordinary university class: graduated", "28", "大学普通班", "大普"))...),
		under(term("junior-college", "大学专科教育", "Junior college education", "30"),
			schooling(31, "college", "大学专科", "Junior college",
				"大专", "专科", "高职", "专科学历", "大专学历", "高等职业教育", "College")...),
		under(term("vocational", "中等职业教育", "Secondary vocational education", "40", "中职"),
			slices.Concat(
				schooling(41, "secondary", "中等专科", "Secondary specialised school", "中专", "中等专业学校", "中专学历"),
				schooling(44, "vocational-high", "职业高中", "Vocational high school", "职高"),
				schooling(47, "skilled", "技工学校", "Skilled workers' school", "技校"))...),
		under(term("senior", "普通高级中学教育", "Senior high school education", "60"),
			schooling(61, "senior-high", "普通高中", "Senior high school", "高中", "高级中学", "高中学历")...),
		under(term("junior", "初级中学教育", "Junior high school education", "70"),
			schooling(71, "junior-high", "初中", "Junior high school", "初级中学", "初中学历")...),
		under(term("elementary", "小学教育", "Primary education", "80"),
			schooling(81, "primary", "小学", "Primary school", "小学学历")...),
		[]Term{term("other", "其他", "Other", "90", "其它")},
	)
}

// schooling is one level as the standard numbers it: 毕业 graduated at the code,
// 结业 completed without a diploma after it (schools from 70 on have none), then
// 肄业 left before the end. The bare level means that one graduated.
func schooling(code int, id, name, nameEn string, aliases ...string) []Term {
	ended := func(step int, suffix, end, endEn string) Term {
		t := term(id+suffix, name+end, nameEn+": "+endEn, strconv.Itoa(code+step))
		if len(aliases) > 0 {
			t.Aliases = append(t.Aliases, aliases[0]+end)
		}
		return t
	}
	graduated := ended(0, "", "毕业", "graduated")
	graduated.Aliases = append(append(graduated.Aliases, name), aliases...)
	out := []Term{graduated}
	if code < 70 {
		out = append(out, ended(1, "-completed", "结业", "completed"))
	}
	return append(out, ended(2, "-unfinished", "肄业", "unfinished"))
}

// degrees is 学位 of GB/T 6864-2003, whole; its codes are aliases. 无 is ours.
func degrees() Taxonomy {
	return taxonomy(TaxDegree, "学位", "Degree", "GB/T 6864-2003《中华人民共和国学位代码》，国标代码为别名；“无”为"+shipped,
		[]Term{term("honorary-doctor", "名誉博士", "Honorary doctor", "1", "名誉博士学位")},
		under(term("doctor", "博士", "Doctor", "2", "博士学位", "博士后", "Ph.D", "Ph. D.", "Doctorate"),
			append(academic(2, "doctor", "博士", "Doctor of "),
				professional(245, "doctor", "clinical-medicine", "临床医学博士", "Doctor of Clinical Medicine"),
				professional(248, "doctor", "veterinary", "兽医博士", "Doctor of Veterinary Medicine"),
				professional(250, "doctor", "stomatology", "口腔医学博士", "Doctor of Stomatology"))...),
		under(term("master", "硕士", "Master", "3", "硕士学位", "M.Sc", "M.S.", "M.A."),
			append(academic(3, "master", "硕士", "Master of "),
				professional(341, "master", "juris", "法律硕士", "Juris Master", "J.M."),
				professional(342, "master", "teaching", "教育硕士", "Master of Education (professional)", "Ed.M"),
				professional(343, "master", "engineering-practice", "工程硕士", "Master of Engineering (professional)"),
				professional(344, "master", "architecture", "建筑学硕士", "Master of Architecture"),
				professional(345, "master", "clinical-medicine", "临床医学硕士", "Master of Clinical Medicine"),
				professional(346, "master", "business", "工商管理硕士", "Master of Business Administration", "MBA", "EMBA"),
				professional(347, "master", "agricultural-extension", "农业推广硕士", "Master of Agricultural Extension"),
				professional(348, "master", "veterinary", "兽医硕士", "Master of Veterinary Medicine"),
				professional(349, "master", "public-administration", "公共管理硕士", "Master of Public Administration", "MPA"),
				professional(350, "master", "stomatology", "口腔医学硕士", "Master of Stomatology"),
				professional(351, "master", "public-health", "公共卫生硕士", "Master of Public Health", "MPH"),
				professional(352, "master", "military-practice", "军事硕士", "Master of Military Studies"))...),
		under(term("bachelor", "学士", "Bachelor", "4", "学士学位", "双学士", "B.Sc", "B.S.", "B.A."),
			append(academic(4, "bachelor", "学士", "Bachelor of "),
				professional(444, "bachelor", "architecture", "建筑学学士", "Bachelor of Architecture", "建筑学士"))...),
		[]Term{term("none", "无", "None", "无学位")},
	)
}

// disciplines are the twelve of the standard, numbered from 01.
var disciplines = []struct{ id, name, nameEn string }{
	{"philosophy", "哲学", "Philosophy"},
	{"economics", "经济学", "Economics"},
	{"law", "法学", "Law"},
	{"education", "教育学", "Education"},
	{"literature", "文学", "Literature"},
	{"history", "历史学", "History"},
	{"science", "理学", "Science"},
	{"engineering", "工学", "Engineering"},
	{"agriculture", "农学", "Agriculture"},
	{"medicine", "医学", "Medicine"},
	{"military", "军事学", "Military Science"},
	{"administration", "管理学", "Management"},
}

func academic(degree int, id, name, nameEn string) []Term {
	var out []Term
	for i, d := range disciplines {
		out = append(out, term(id+"-"+d.id, d.name+name+"学位", nameEn+d.nameEn, strconv.Itoa(degree*100+i+1), d.name+name))
	}
	return out
}

func professional(code int, degree, id, name, nameEn string, aliases ...string) Term {
	return term(degree+"-"+id, name+"专业学位", nameEn, append([]string{strconv.Itoa(code), name, name + "学位"}, aliases...)...)
}
