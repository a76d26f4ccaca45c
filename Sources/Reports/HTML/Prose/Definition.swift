// SPDX-License-Identifier: Apache-2.0
import Registry

/// A figure of the report: what it means and how it is computed, for section 9.
enum Definition: String, Phrase {
    case states, downtime, availability, coverage, budget, verdict, runsOut = "runs-out", outage
    case responsible, evidence, breach, loss, lossyIntervals = "lossy-intervals", bitrate
    case frameRate = "frame-rate", resolution, clockOffset = "clock-offset", jitter, gap
    case restore, afterTheFact = "after-the-fact", revision

    /// The anchor in the page.
    var anchor: String { "def-" + rawValue }

    /// The formula, in signs that need no language; nil where words say it all.
    var formula: String? {
        switch self {
        case .states: "U + G + D + N + X = T"
        case .downtime: "D = Df + Dm"
        case .availability: "(U + G) / (T − X) … (U + G + N) / (T − X)"
        case .coverage: "(T − N) / T"
        case .budget: "L − D − N … L − D"
        case .loss: "ΣL / ΣE"
        case .lossyIntervals: "n(Lᵢ / Eᵢ > lim) / n"
        case .bitrate: "8 · Σ(IP) / Σt"
        case .frameRate: "ΣF / Σt"
        case .clockOffset: "o ± u"
        case .jitter: "J += (|D(i−1, i)| − J) / 16"
        case .runsOut: "t + (L − D) / (Dw / w)"
        case .restore: "Σ(t₁ − t₀) / n"
        default: nil
        }
    }

    /// What it is called.
    var name: Wording {
        switch self {
        case .states: Wording(kk: "Бес күй", ru: "Пять состояний", en: "The five states")
        case .downtime: Wording(kk: "Тұрып қалу уақыты", ru: "Время простоя", en: "Downtime")
        case .availability: Wording(kk: "Қолжетімділік", ru: "Доступность", en: "Availability")
        case .coverage: Wording(kk: "Бақылаумен қамтылу", ru: "Охват наблюдением", en: "Coverage")
        case .budget:
            Wording(kk: "Тұрып қалу лимиті", ru: "Лимит времени простоя", en: "Downtime budget")
        case .verdict: Wording(kk: "Қорытынды", ru: "Заключение", en: "Verdict")
        case .runsOut:
            Wording(kk: "Лимиттің таусылуы", ru: "Исчерпание лимита", en: "Running out of budget")
        case .outage: Wording(kk: "Тұрып қалу", ru: "Простой", en: "Outage")
        case .responsible: Wording(kk: "Жауапты", ru: "Ответственный", en: "Responsible party")
        case .evidence:
            Wording(kk: "Дәлел түрлері", ru: "Виды свидетельств", en: "Kinds of evidence")
        case .breach: Wording(kk: "Талаптың бұзылуы", ru: "Нарушение требования", en: "Breach")
        case .loss: Wording(kk: "Пакеттердің жоғалуы", ru: "Потери пакетов", en: "Packet loss")
        case .lossyIntervals:
            Wording(
                kk: "Жоғалуы шектен асқан аралықтар", ru: "Интервалы с потерями выше нормы",
                en: "Intervals above the limit")
        case .bitrate: Wording(kk: "Битрейт", ru: "Битрейт", en: "Bitrate")
        case .frameRate: Wording(kk: "Кадр жиілігі", ru: "Частота кадров", en: "Frame rate")
        case .resolution:
            Wording(kk: "Айыру қабілеті", ru: "Разрешающая способность", en: "Resolution")
        case .clockOffset:
            Wording(kk: "Сағат ауытқуы", ru: "Отклонение часов", en: "Clock offset")
        case .jitter: Wording(kk: "Джиттер", ru: "Джиттер", en: "Jitter")
        case .gap:
            Wording(
                kk: "Ең үлкен үзіліс (2-қосымша, 7-тармақ, 2) тармақша)",
                ru: "Наибольший разрыв (приложение 2, п. 7, подп. 2)",
                en: "Largest gap (A2.7.2)")
        case .restore:
            Wording(
                kk: "Қалпына келтірудің орташа уақыты", ru: "Среднее время восстановления",
                en: "Mean time to restore")
        case .afterTheFact:
            Wording(
                kk: "Жұмыс басталғаннан кейін енгізілген", ru: "Внесено после начала работ",
                en: "Declared after the fact")
        case .revision: Wording(kk: "Есептің басылымы", ru: "Выпуск отчёта", en: "Revision")
        }
    }

    /// What it means and where it comes from.
    var wording: Wording {
        switch self {
        case .states, .downtime, .availability, .coverage, .budget, .verdict, .runsOut: account
        case .outage, .responsible, .evidence, .breach, .restore, .afterTheFact, .revision: events
        default: quality
        }
    }

    private var account: Wording {
        switch self {
        case .states:
            Wording(
                kk: "Әр бейнекамера әр сәтте бес күйдің дәл біреуінде болады: жұмыс істейді (U), "
                    + "сапасы төмендеген (G), тұрып қалу (D), дерек жоқ (N), есепке алынбаған (X). "
                    + "Олардың қосындысы кезеңге (T) наносекундқа дейін тең.",
                ru: "Каждая видеокамера в каждый момент находится ровно в одном из пяти состояний: "
                    + "работает (U), качество снижено (G), простой (D), нет данных (N), исключено "
                    + "из учёта (X). Их сумма равна периоду (T) с точностью до наносекунды.",
                en:
                    "At every moment a camera is in exactly one of five states: up (U), degraded (G), "
                    + "down (D), unknown (N), excluded (X). They add up to the period (T) to the "
                    + "nanosecond.")
        case .downtime:
            Wording(
                kk:
                    "Бейне келмеген уақыт: істен шығу (Df) мен техникалық қызмет көрсету (Dm) бірге "
                    + "есептеледі (2-қосымша, 7-тармақ, 5) тармақша).",
                ru:
                    "Время, когда видео не поступало: неисправности (Df) и техническое обслуживание "
                    + "(Dm) считаются вместе (приложение 2, п. 7, подп. 5).",
                en: "Time in which no video arrived: failures (Df) and maintenance (Dm) count "
                    + "together (annex 2, point 7, sub-point 5).")
        case .availability:
            Wording(
                kk: "Төменгі шегі дерек жоқ уақытты тұрып қалу деп, жоғарғы шегі жұмыс уақыты деп "
                    + "есептейді. Сандар дөңгелектелмейді, артық таңбалары алып тасталады: "
                    + "99,9999 % ешқашан 100 % деп жазылмайды.",
                ru: "Нижняя граница относит время без данных к простою, верхняя – к работе. Числа "
                    + "не округляются, лишние знаки отбрасываются: 99,9999 % никогда не "
                    + "указывается как 100 %.",
                en:
                    "The lower bound takes all unknown time as down, the upper as up. Figures are cut "
                    + "off, never rounded up: 99.9999 % is never printed as 100 %.")
        case .coverage:
            Wording(
                kk:
                    "Кезеңнің күйі белгілі бөлігі. Қамтылу 99 %-дан төмен болса, лимиттің сақталғаны "
                    + "туралы қорытынды берілмейді.",
                ru: "Часть периода, состояние в которой известно. При охвате ниже 99 % заключение "
                    + "о соблюдении лимита не даётся.",
                en: "The known part of the period. Below 99 % no budget is said to be met.")
        case .budget:
            Wording(
                kk: "Күнтізбелік жылғы рұқсат етілген тұрып қалу (L), әр бейнекамера, объект және "
                    + "байланыс арнасы үшін бөлек, объектінің сағат белдеуімен есептеледі. "
                    + "Қалдықтың төменгі шегінен дерек жоқ уақыт (N) та шегеріледі.",
                ru: "Допустимый простой за календарный год (L), отдельно для каждой видеокамеры, "
                    + "объекта и канала связи, в часовом поясе объекта. Из нижней границы остатка "
                    + "вычитается и время без данных (N).",
                en:
                    "The downtime that a calendar year allows (L), for each camera, site and channel "
                    + "of its own, in the site's time zone. The lower bound of what is left takes "
                    + "off unknown time (N) too.")
        case .verdict:
            Wording(
                kk:
                    "Бұзылды: тұрып қалу уақыты лимиттен артық. Сақталды: дерек жоқ уақытты қосқанда "
                    + "да лимиттен аспайды және қамтылу кемінде 99 %. Өзге жағдайда қорытынды "
                    + "жасау мүмкін емес.",
                ru: "Нарушено: время простоя превышает лимит. Соблюдено: не превышает лимит даже "
                    + "вместе со временем без данных, и охват не ниже 99 %. В остальных случаях "
                    + "заключение невозможно.",
                en:
                    "Breached: more than the limit was used. Met: not more than the limit even with "
                    + "all unknown time, at a coverage of 99 % at least. Otherwise undecidable.")
        default:
            Wording(
                kk: "Көрсетілген терезедегі (w) тұрып қалу қарқыны (Dw) сақталса, лимит таусылатын "
                    + "күн.",
                ru: "Дата, когда лимит закончится, если расход (Dw) останется таким же, как в "
                    + "указанном окне (w).",
                en: "The date on which nothing is left if use goes on as in the window stated: Dw "
                    + "of downtime in w.")
        }
    }

    private var events: Wording {
        switch self {
        case .outage:
            Wording(
                kk:
                    "Ақаудың алғашқы белгісінен қалыпты жұмыстың алғашқы белгісіне дейін (ITU-T G.826 "
                    + "тәсілі): деректердің болмауы – соңғы кадрдан келесі кадрға дейін, жоғалу – "
                    + "аралықтың шектері бойынша. Растау хабарламаны ғана кешіктіреді, есепке "
                    + "алуды өзгертпейді. Арнаның тұрып қалуы оның камераларының тұрып қалуын "
                    + "қамтиды.",
                ru:
                    "От первого признака неисправности до первого признака нормальной работы (как в "
                    + "ITU-T G.826): отсутствие данных – от последнего кадра до следующего, потери "
                    + "– по границам интервала. Подтверждение задерживает лишь извещение и не "
                    + "меняет учёт. Простой канала включает простои его камер.",
                en:
                    "From the first bad evidence to the first good (as ITU-T G.826 dates unavailable "
                    + "time): silence from the last frame to the next, loss at the interval's edges. "
                    + "Confirmation delays the notice, never the account. A channel's outage "
                    + "includes those of its cameras.")
        case .responsible:
            Wording(
                kk: "Камераның байланыс арнасы да тұрып қалса – арна операторы, өзге жағдайда – "
                    + "объектінің абоненті.",
                ru:
                    "Если простаивает и канал связи камеры – оператор канала, в остальных случаях – "
                    + "абонент объекта.",
                en:
                    "The channel's operator if the camera's channel is itself down; else the site's "
                    + "subscriber.")
        case .evidence:
            Wording(
                kk: "Тікелей бақыланды; іріктеліп өлшенді (екі бірдей өлшемнің арасы); кейінгі "
                    + "деректен шығарылды.",
                ru: "Наблюдалось непрерывно; выборочно (между двумя совпадающими измерениями); "
                    + "выведено из более поздних данных.",
                en:
                    "Observed throughout; sampled (between two agreeing samples); inferred from what "
                    + "came later.")
        case .breach:
            Wording(
                kk: "2-қосымшаның талабы орындалмаған уақыт. Жиі ауысуды болдырмау үшін бұзылу "
                    + "расталғаннан кейін тіркеледі, бірақ басталған сәтінен есептеледі.",
                ru: "Время, когда требование приложения 2 не выполнялось. Чтобы исключить частые "
                    + "переключения, нарушение фиксируется после подтверждения, но отсчитывается "
                    + "от своего начала.",
                en:
                    "Time in which a requirement of annex 2 was not kept. A breach begins once it is "
                    + "confirmed, and then counts from its first instant.")
        case .restore:
            Wording(
                kk: "Кезең ішінде аяқталған инциденттердің толық ұзақтығының орташасы.",
                ru: "Средняя полная длительность инцидентов, завершившихся в периоде.",
                en: "The mean length of the incidents that were over within the period.")
        case .afterTheFact:
            Wording(
                kk:
                    "Жазба жұмыс басталғаннан кейін енгізілген. Бұған рұқсат етіледі, бірақ әрқашан "
                    + "белгіленеді.",
                ru: "Запись внесена после начала работ. Это допускается, но всегда отмечается.",
                en: "Entered after the work had begun. Allowed, and always marked.")
        default:
            Wording(
                kk: "Кешігіп түскен деректер есепті түзетеді: айырмашылықтар кестесі бар келесі "
                    + "басылым шығарылады, алдыңғы басылымды тексеру мүмкіндігі сақталады.",
                ru: "Данные, поступившие с опозданием, исправляют учёт: выходит следующий выпуск с "
                    + "таблицей отличий, предыдущий по-прежнему можно проверить.",
                en:
                    "Late data correct the account: the next revision carries a table of differences, "
                    + "and the one before stays verifiable.")
        }
    }

    private var quality: Wording {
        switch self {
        case .loss:
            Wording(
                kk:
                    "RFC 3550 бойынша: келмеген пакеттердің күтілген пакеттерге қатынасы; қайталанған "
                    + "пакеттер есептелмейді. Пакет күтілмесе, көрсеткіш жоқ.",
                ru:
                    "По RFC 3550: отношение не поступивших пакетов к ожидавшимся; повторные пакеты не "
                    + "учитываются. Если пакеты не ожидались, показателя нет.",
                en:
                    "After RFC 3550: packets that never came over packets expected; duplicates do not "
                    + "count. Where nothing was expected there is no figure.")
        case .lossyIntervals:
            Wording(
                kk: "Жоғалуы шектен асқан 10 секундтық аралықтардың үлесі: орташа мән қысқа істен "
                    + "шығуларды жасырады.",
                ru:
                    "Доля десятисекундных интервалов с потерями выше нормы: среднее скрывает короткие "
                    + "отказы.",
                en:
                    "The share of ten-second intervals with a loss above the limit: a mean hides short "
                    + "failures.")
        case .bitrate:
            Wording(
                kk: "IP пакеттерінің ұзындығы бойынша, бақыланған уақытқа орташа.",
                ru: "По длине пакетов IP, в среднем за наблюдавшееся время.",
                en: "By the length of IP packets, mean over the time observed.")
        case .frameRate:
            Wording(
                kk: "Келген кадрлар саны бақыланған уақытқа бөлінеді.",
                ru: "Число пришедших кадров, делённое на наблюдавшееся время.",
                en: "Frames that arrived over the time observed.")
        case .resolution:
            Wording(
                kk: "Бейнеағынның өзінен оқылған ең кіші кескін өлшемі (SPS, VOL немесе JPEG "
                    + "тақырыбы).",
                ru: "Наименьший размер изображения, прочитанный из самого потока (SPS, VOL или "
                    + "заголовок JPEG).",
                en: "The smallest picture read from the stream itself (SPS, VOL or JPEG header).")
        case .clockOffset:
            Wording(
                kk: "Камера сағаты мен өлшеу құралы сағатының айырмасы (o) және қателігі (u); RTCP "
                    + "есептерінен. Қателікке байланысты шешім қабылдау мүмкін болмаса, "
                    + "бағаланбайды.",
                ru: "Часы камеры минус часы средства измерения (o) с погрешностью (u), по отчётам "
                    + "RTCP. Если погрешность не позволяет решить, не оценивается.",
                en: "The camera's clock less the probe's (o) with its uncertainty (u), from RTCP "
                    + "reports. Where the uncertainty could tip it, it is not judged.")
        case .jitter:
            Wording(
                kk: "Кадрлардың келу джиттері (RFC 3550, 6.4.1); 50, 95 және 99 % процентильдері, "
                    + "дәлдігі 1 %.",
                ru:
                    "Джиттер прихода кадров (RFC 3550, 6.4.1); процентили 50, 95 и 99 %, точность 1 %.",
                en:
                    "Interarrival jitter of frames (RFC 3550, 6.4.1); 50th, 95th and 99th percentile, "
                    + "within 1 %.")
        default:
            Wording(
                kk: "Көршілес екі кадр арасындағы ең ұзақ уақыт.",
                ru: "Наибольшее время между двумя соседними кадрами.",
                en: "The longest time between two neighbouring frames.")
        }
    }
}
