// SPDX-License-Identifier: Apache-2.0
public import Registry

extension CameraKind: Phrase {
    /// The kind as annex 2 calls it (A2.2).
    public var wording: Wording {
        switch self {
        case .outdoorOverview:
            Wording(
                kk: "Стационарлық көшеде орнатылатын – шолу", ru: "Стационарная уличная – обзорная",
                en: "Fixed outdoor – overview")
        case .outdoorEntrance:
            Wording(
                kk: "Стационарлық көшеде орнатылатын – кіру тобы",
                ru: "Стационарная уличная – входная группа", en: "Fixed outdoor – entrance")
        case .outdoorVehicleEntrance:
            Wording(
                kk: "Стационарлық көшеде орнатылатын – автокөлікпен кіру тобы, бақылау-өткізу "
                    + "пункті, автокөлікті тексеру аймағы",
                ru: "Стационарная уличная – въездная группа, контрольно-пропускной пункт, зона "
                    + "досмотра автотранспорта",
                en: "Fixed outdoor – vehicle entrance, checkpoint, vehicle inspection")
        case .outdoorTraffic:
            Wording(
                kk: "Стационарлық көшеде орнатылатын – көлік ағынының мониторингі",
                ru: "Стационарная уличная – мониторинг транспортного потока",
                en: "Fixed outdoor – traffic flow")
        case .indoorEntrance:
            Wording(
                kk: "Стационарлық іште орнатылатын – кіру тобы, бақылау-өткізу пункті, келушілерді "
                    + "тексеру аймағы",
                ru: "Стационарная внутренняя – входная группа, контрольно-пропускной пункт, зона "
                    + "досмотра посетителей",
                en: "Fixed indoor – entrance, checkpoint, visitor inspection")
        case .indoorOverview:
            Wording(
                kk: "Стационарлық іште орнатылатын – шолу",
                ru: "Стационарная внутренняя – обзорная",
                en: "Fixed indoor – overview")
        case .outdoorDomeOverview:
            Wording(
                kk: "Көшеде орнатылатын жылдамдықты бұрма – шолу",
                ru: "Скоростная поворотная уличная – обзорная",
                en: "High-speed pan-tilt outdoor – overview")
        case .indoorDomeOverview:
            Wording(
                kk: "Іште орнатылатын жылдамдықты бұрма – шолу",
                ru: "Скоростная поворотная внутренняя – обзорная",
                en: "High-speed pan-tilt indoor – overview")
        case .outdoorDomeRoad:
            Wording(
                kk: "Көшеде орнатылатын жылдамдықты бұрма – автокөлік жолдары",
                ru: "Скоростная поворотная уличная – автомобильные дороги",
                en: "High-speed pan-tilt outdoor – roads")
        }
    }
}

extension ObjectClass: Phrase {
    /// The class as annex 2 calls it (A2.4).
    public var wording: Wording {
        switch self {
        case .crowdedPlace:
            Wording(
                kk: "Адамдар көп жиналатын объект", ru: "Объект массового скопления людей",
                en: "Place where many people gather")
        case .courtyard:
            Wording(kk: "Аула іші", ru: "Дворовая территория", en: "Courtyard")
        case .strategic:
            Wording(
                kk: "Аса маңызды мемлекеттік, стратегиялық немесе қауіпті өндірістік объект",
                ru: "Особо важный государственный, стратегический или опасный производственный "
                    + "объект",
                en: "Especially important state, strategic or hazardous production object")
        case .roadSafety:
            Wording(kk: "Жол қауіпсіздігі", ru: "Безопасность дорог", en: "Road safety")
        case .other: Wording(kk: "Өзге объект", ru: "Иной объект", en: "Other object")
        }
    }
}

extension Channel.Medium: Phrase {
    /// What carries the signal (A2.7.7, A2.7.8).
    public var wording: Wording {
        switch self {
        case .fibre: Term.fibre.wording
        case .wireless: Term.wireless.wording
        }
    }
}

extension Channel.Role: Phrase {
    /// Whether the line is the main one or a reserve.
    public var wording: Wording {
        switch self {
        case .main: Term.mainLine.wording
        case .reserve: Term.reserveLine.wording
        }
    }
}

extension Party.Role: Phrase {
    /// What the order calls such a party (¶2).
    public var wording: Wording {
        switch self {
        case .coordinator: Term.coordinator.wording
        case .technicalOperator: Term.technicalOperator.wording
        case .networkOperator: Term.networkOperator.wording
        case .subscriber: Term.subscriber.wording
        case .user: Term.user.wording
        }
    }
}
