package schemas

// shipped is the source of lists that are the product's own.
const shipped = "产品预置"

func tiers() Taxonomy {
	return taxonomy(TaxTier, "人才层次", "Talent tier", shipped+"；各省人才分类等次由本单位自行增补",
		leading(
			term("top", "顶尖人才（院士等）", "Top talent (academicians and peers)", "顶尖人才", "院士", "两院院士", "中国科学院院士", "中国工程院院士", "顶尖"),
			term("national", "国家级领军", "National leading talent", "国家级领军人才", "国家级", "国家领军人才"),
			term("provincial", "省级领军", "Provincial leading talent", "省级领军人才", "省级", "省领军人才"),
			term("municipal", "市级领军", "Municipal leading talent", "市级领军人才", "市级", "市领军人才"),
		), []Term{
			term("backbone", "市级骨干", "Municipal backbone talent", "市级骨干人才", "骨干人才", "骨干"),
			term("reserve", "后备", "Reserve talent", "后备人才"),
		})
}

func teamTiers() Taxonomy {
	return taxonomy(TaxTeamTier, "团队层次", "Team tier", shipped,
		leading(
			term("national", "国家级领军团队", "National leading team", "国家级团队", "国家级"),
			term("provincial", "省级领军团队", "Provincial leading team", "省级团队", "省级"),
			term("municipal", "市级领军团队", "Municipal leading team", "市级团队", "市级"),
		), []Term{
			term("excellent", "优秀创新团队", "Excellent innovation team", "优秀团队", "创新团队"),
			term("growing", "培育团队", "Team in cultivation", "培育期团队", "培育"),
		})
}

func leading(terms ...Term) []Term {
	for i := range terms {
		terms[i].Leading = true
	}
	return terms
}

func talentTypes() Taxonomy {
	return taxonomy(TaxTalentType, "人才类型", "Talent type", planSource+"三（六）", []Term{
		term("leading", "科技领军人才", "Leading science and technology talent", "领军人才"),
		term("external", "域外高科技人才", "High-tech talent from outside", "域外人才"),
		term("local", "本地高层次人才", "Local high-level talent", "本地人才"),
		term("technical-lead", "技术带头人", "Technical lead"),
		term("academic-lead", "学术带头人", "Academic lead", "学科带头人"),
		term("young-backbone", "中青年科技创新骨干", "Young and middle-aged innovation backbone", "中青年科技创新骨干人才", "中青年骨干", "科技创新骨干"),
		term("reserve", "后备科技人才", "Reserve science and technology talent", "后备人才"),
	})
}

func tracks() Taxonomy {
	return taxonomy(TaxTrack, "引 / 育", "Track", shipped, []Term{
		term("recruit", "引", "Recruit", "引进", "引才", "外引"),
		term("cultivate", "育", "Cultivate", "培育", "培养", "内育"),
	})
}

func origins() Taxonomy {
	return taxonomy(TaxOrigin, "来源地", "Origin", shipped, []Term{
		term("local", "本地", "Local", "本市", "市内", "域内", "四平"),
		term("external", "域外", "External", "外地", "市外", "外省", "省外", "海外"),
	})
}

func modes() Taxonomy {
	return taxonomy(TaxMode, "用人方式", "Mode of engagement", shipped, []Term{
		term("fulltime", "全职引进", "Full-time", "全职", "全职在岗", "全职聘用", "刚性引进"),
		term("flexible", "柔性引进", "Flexible", "柔性", "柔性引才", "柔性聘用", "柔性合作"),
	})
}

func cooperations() Taxonomy {
	return taxonomy(TaxCooperation, "合作方式", "Form of cooperation", planSource+"三（六）；兼职、顾问指导、项目合作为"+shipped, []Term{
		term("own-project", "自带项目", "Brings a project", "带项目", "携带项目"),
		term("technical", "技术合作", "Technical cooperation", "技术服务", "技术攻关合作"),
		term("technology-share", "技术入股", "Technology as equity", "技术股", "技术作价入股"),
		term("founding", "创办企业", "Founds a firm", "创业", "领办企业", "创办公司"),
		term("part-time", "兼职", "Part-time", "兼职兼薪", "兼职工作"),
		term("advising", "顾问指导", "Advises", "顾问", "技术顾问", "咨询指导"),
		term("joint-project", "项目合作", "Joint project", "合作项目", "联合攻关"),
	})
}

func channels() Taxonomy {
	return taxonomy(TaxChannel, "引才渠道", "Recruitment channel", planSource+"三（七）", []Term{
		term("siping-visits", "院士专家四平行", "Academicians and experts visit Siping", "四平行", "院士专家行"),
		term("changping", "长平一体化", "Changchun–Siping integration", "长平", "长平对接"),
		term("jinhua", "金华对口", "Jinhua twinning", "金华", "金华对口合作", "浙江金华", "金华对接"),
		term("department", "厅地联动", "Provincial department and city", "厅地会商", "省科技厅"),
		term("local-universities", "域内高校", "Universities of the city", "本地高校", "域内院校"),
		term("enterprise", "企业自引", "Recruited by the enterprise", "企业引进", "企业自主引进", "自主引进"),
		term("recommended", "推荐", "Recommended", "他人推荐", "专家推荐", "单位推荐", "举荐"),
		term("self", "自荐", "Applied in person", "自我推荐", "个人自荐", "毛遂自荐"),
	})
}

func consents() Taxonomy {
	return taxonomy(TaxConsent, "原单位意见", "Consent of the home unit", shipped, []Term{
		term("agreed", "已同意", "Agreed", "同意", "单位同意", "单位已同意", "原单位同意", "原单位已同意", "已征得同意"),
		term("not-asked", "未征求", "Not asked", "未征求意见", "尚未征求", "待征求"),
		term("not-needed", "不需要", "Not needed", "无需", "不需征求", "无需征求", "不适用"),
	})
}

func genders() Taxonomy {
	return taxonomy(TaxGender, "性别", "Gender", "GB/T 2261.1-2003，国标代码为别名", []Term{
		term("male", "男", "Male", "1", "男性", "M"),
		term("female", "女", "Female", "2", "女性", "F"),
		term("unknown", "未知", "Unknown", "0", "未知的性别"),
		term("unstated", "未说明", "Not stated", "9", "未说明的性别"),
	})
}

func documentKinds() Taxonomy {
	return taxonomy(TaxDocument, "证件类型", "Kind of identity document", shipped, []Term{
		term("id-card", "居民身份证", "Resident identity card", "身份证", "二代身份证", "二代证"),
		term("passport", "护照", "Passport", "外国护照", "中国护照", "普通护照"),
		term("mainland-permit", "港澳居民来往内地通行证", "Mainland travel permit for Hong Kong and Macao residents", "回乡证", "港澳通行证"),
		term("taiwan-permit", "台湾居民来往大陆通行证", "Mainland travel permit for Taiwan residents", "台胞证"),
		term("residence-permit", "港澳台居民居住证", "Residence permit for Hong Kong, Macao and Taiwan residents", "居住证"),
		term("permanent-residence", "外国人永久居留身份证", "Foreign permanent resident identity card", "永久居留证", "外国人永久居留证", "中国绿卡"),
		term("work-permit", "外国人工作许可证", "Foreigner's work permit", "外国专家证", "工作许可证"),
		term("other", "其他证件", "Other document", "其他", "其它"),
	})
}

func contactKinds() Taxonomy {
	return taxonomy(TaxContact, "联系方式", "Kind of contact", shipped, []Term{
		term("mobile", "手机", "Mobile", "手机号", "手机号码", "移动电话"),
		term("phone", "固定电话", "Telephone", "座机", "电话", "办公电话"),
		term("email", "电子邮箱", "Email", "邮箱", "电子邮件", "E-mail"),
		term("wechat", "微信", "WeChat", "微信号"),
		term("address", "通信地址", "Postal address", "地址", "通讯地址", "联系地址"),
	})
}

func achievementKinds() Taxonomy {
	return taxonomy(TaxAchievement, "成果类型", "Kind of achievement", shipped, []Term{
		term("project", "项目", "Project", "科研项目", "课题", "科技计划项目", "纵向项目", "横向项目"),
		term("patent", "专利", "Patent", "发明专利", "实用新型", "实用新型专利", "外观设计", "外观设计专利"),
		term("product", "产品", "Product", "新产品", "科技产品"),
		term("standard", "标准", "Standard", "国家标准", "行业标准", "地方标准", "团体标准"),
		term("award", "奖励", "Award", "获奖", "科技奖励", "奖项", "科技进步奖"),
		term("conversion", "成果转化", "Conversion", "科技成果转化", "转化", "技术转让"),
		term("key-technology", "关键技术", "Key technology", "核心技术", "关键核心技术"),
		term("paper", "论文", "Paper", "学术论文", "期刊论文", "会议论文"),
	})
}

func qualifications() Taxonomy {
	return taxonomy(TaxQualification, "企业资质", "Enterprise qualification", planSource+"一（一）、三（二）", []Term{
		term("tech-sme", "科技型中小企业", "Technology-based small or medium enterprise", "科小", "国家科技型中小企业"),
		term("high-tech", "高新技术企业", "High and new technology enterprise", "高企", "国家高新技术企业", "国高企"),
		term("innovation-leader", "创新龙头企业", "Leading innovative enterprise", "科技创新龙头企业", "龙头企业"),
		term("small-giant", "科技小巨人", "Small giant of technology", "科技小巨人企业", "吉林省科技小巨人企业"),
		term("specialised", "专精特新", "Specialised and sophisticated enterprise", "专精特新中小企业", "专精特新企业", "专精特新小巨人", "专精特新“小巨人”企业"),
	})
}
