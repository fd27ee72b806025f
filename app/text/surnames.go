package text

// surnames holds the surnames whose reading differs from the character's everyday one, or is often taken for another.
// A row is "reading,misreading,…": the first with tone numbers, ü as v.
// Readings as in overtrue/pinyin and pinyin-pro (both MIT), with later additions of our own; every other surname reads as the character does.
var surnames = table(map[string]string{
	"不": "fou3,bu", "乐": "yue4,le", "乜": "nie4,mie", "仇": "qiu2,chou", "令": "ling2", "仉": "zhang3", "任": "ren2",
	"佴": "nai4,er", "佘": "she2,yu", "六": "lu4,liu", "冼": "xian3,xi", "区": "ou1,qu", "區": "ou1,qu", "华": "hua4", "華": "hua4",
	"卜": "bu3,bo", "句": "gou1,ju", "召": "shao4,zhao", "员": "yun4,yuan", "員": "yun4,yuan", "呙": "guo1,wo", "和": "he2",
	"哈": "ha3", "啜": "chuai4,chuo", "单": "shan4,dan,chan", "單": "shan4,dan,chan", "宁": "ning4", "宓": "mi4,fu",
	"宿": "su4,xiu", "寻": "xun2,xin", "尉": "wei4,yu", "干": "gan1", "应": "ying1", "庹": "tuo3,du", "强": "qiang2,jiang",
	"恽": "yun4,hui", "扎": "za1,zha", "折": "she2,zhe", "撒": "sa3", "於": "yu1,wu", "晁": "chao2,zhao", "晟": "cheng2,sheng",
	"曲": "qu1", "曾": "zeng1,ceng", "朴": "piao2,pu", "柏": "bai3,bo", "查": "zha1,cha", "樂": "yue4,le", "殷": "yin1",
	"沈": "shen3,chen", "洗": "xian3,xi", "浣": "wan3,huan", "燕": "yan1", "牟": "mou2,mu", "瞿": "qu2,ju", "甯": "ning4",
	"的": "de1", "盖": "ge3,gai", "蓋": "ge3,gai", "盛": "sheng4,cheng", "相": "xiang4", "眭": "sui1,gui", "石": "shi2",
	"祭": "zhai4,ji", "种": "chong2,zhong", "秘": "bi4,mi", "笪": "da2,dan", "粘": "nian4,zhan", "繁": "po2,fan", "纪": "ji3",
	"紀": "ji3", "缑": "gou1,hou", "缪": "miao4,miu,mou", "繆": "miao4,miu,mou", "翟": "zhai2,di", "肖": "xiao1", "能": "nai4,neng",
	"臧": "zang1,cang", "莘": "shen1,xin", "菅": "jian1,guan", "葛": "ge3", "蔚": "wei4,yu", "薄": "bo2,bao", "藏": "zang4,cang",
	"行": "xing2,hang", "要": "yao1", "覃": "qin2,tan", "角": "jue2,jiao", "解": "xie4,jie", "訾": "zi1", "谌": "chen2,shen",
	"貟": "yun4,yuan", "贠": "yun4,yuan", "贲": "ben1,fen", "费": "fei4,bi", "贾": "jia3,gu", "车": "che1,ju", "过": "guo1",
	"逄": "pang2,feng", "逯": "lu4,dai", "那": "na1", "邸": "di3,chi", "郄": "qie4,xi", "郇": "xun2,huan", "郗": "xi1,chi",
	"都": "du1,dou", "重": "chong2,zhong", "钻": "zuan1", "钭": "tou3,dou", "长": "chang2,zhang", "阙": "que1", "阚": "kan4,han",
	"隗": "wei3,kui", "难": "nan4", "颉": "xie2,jie", "黑": "he4,hei", "鬱": "yu4",
})

// compoundSurnames holds the surnames of two characters, in the same form with two syllables to a reading.
var compoundSurnames = table(map[string]string{
	"万俟": "mo4 qi2,wan si,wan qi", "上官": "shang4 guan1", "东方": "dong1 fang1", "东郭": "dong1 guo1", "东门": "dong1 men2",
	"乐正": "yue4 zheng4,le zheng", "亓官": "qi2 guan1", "仉督": "zhang3 du1", "令狐": "ling2 hu2", "仲孙": "zhong4 sun1",
	"公冶": "gong1 ye3,gong zhi", "公孙": "gong1 sun1", "公羊": "gong1 yang2", "公良": "gong1 liang2", "公西": "gong1 xi1",
	"单于": "chan2 yu2,shan yu,dan yu", "南宫": "nan2 gong1", "南门": "nan2 men2", "句龙": "gou1 long2,ju long",
	"司寇": "si1 kou4", "司徒": "si1 tu2", "司空": "si1 kong1", "司马": "si1 ma3", "呼延": "hu1 yan2", "壤驷": "rang3 si4",
	"夏侯": "xia4 hou2", "太叔": "tai4 shu1", "夹谷": "jia2 gu3", "子车": "zi3 ju1,zi che", "宇文": "yu3 wen2",
	"宗政": "zong1 zheng4", "宰父": "zai3 fu3", "尉迟": "yu4 chi2,wei chi", "左丘": "zuo3 qiu1", "巫马": "wu1 ma3",
	"慕容": "mu4 rong2", "拓跋": "tuo4 ba2,ta ba", "梁丘": "liang2 qiu1", "榖梁": "gu3 liang2", "谷梁": "gu3 liang2",
	"欧阳": "ou1 yang2", "歐陽": "ou1 yang2", "段干": "duan4 gan1", "毌丘": "guan4 qiu1,wu qiu", "淳于": "chun2 yu2",
	"漆雕": "qi1 diao1", "澹台": "tan2 tai2,dan tai", "濮阳": "pu2 yang2", "独孤": "du2 gu1", "申屠": "shen1 tu2",
	"百里": "bai3 li3", "皇甫": "huang2 fu3,huang pu", "端木": "duan1 mu4", "第五": "di4 wu3", "纳兰": "na4 lan2",
	"完颜": "wan2 yan2", "羊舌": "yang2 she2", "耶律": "ye1 lv4", "西门": "xi1 men2", "诸葛": "zhu1 ge3", "諸葛": "zhu1 ge3",
	"赫连": "he4 lian2", "轩辕": "xuan1 yuan2", "钟离": "zhong1 li2", "长孙": "zhang3 sun1,chang sun", "闻人": "wen2 ren2",
	"闾丘": "lv2 qiu1", "颛孙": "zhuan1 sun1", "鲜于": "xian1 yu2",
})

// otherReadings holds the characters that read differently in given names, places and institutions than alone, or have two living readings there.
var otherReadings = table(map[string]string{
	"乐": "le4,yue", "传": "chuan2,zhuan", "单": "dan1,shan", "卜": "bu3,bo", "厦": "xia4,sha", "参": "can1,shen", "奇": "qi2",
	"娜": "na4,nuo", "尉": "wei4,yu", "曾": "zeng1,ceng", "晟": "sheng4,cheng", "朝": "chao2,zhao", "柏": "bai3,bo",
	"泊": "bo2,po", "洵": "xun2", "浚": "jun4,xun", "炅": "jiong3,gui", "珩": "heng2,hang", "盛": "sheng4,cheng", "着": "zhuo2,zhe",
	"茜": "qian4,xi", "莞": "wan3,guan", "莘": "shen1,xin", "蔚": "wei4,yu", "薄": "bo2,bao", "藏": "zang4,cang", "行": "xing2,hang",
	"覃": "qin2,tan", "都": "du1,dou", "重": "chong2,zhong", "长": "chang2,zhang", "隽": "jun4,juan", "颉": "jie2,xie",
})
