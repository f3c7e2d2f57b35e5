//! China's holidays and make-up working days, year by year, and lunar new year; data, no logic.

/// A month and a day of the year at hand.
pub(crate) type MonthDay = (i8, i8);

/// What the State Council's yearly notice arranges.
pub(crate) struct Year {
    pub(crate) year: i16,
    /// Days off, first to last, both included; weekend days among them change nothing.
    pub(crate) off: &'static [(MonthDay, MonthDay)],
    /// Weekend days worked instead (调休).
    pub(crate) worked: &'static [MonthDay],
    /// First day of the first lunar month (正月初一).
    pub(crate) spring_festival: MonthDay,
}

/// In order of years. A year that is not here has weekends only.
pub(crate) static YEARS: &[Year] = &[
    // 国办发明电〔2022〕16号. Its 元旦 began on Saturday 2022-12-31, a day off anyway.
    Year {
        year: 2023,
        off: &[
            ((1, 1), (1, 2)),
            ((1, 21), (1, 27)),
            ((4, 5), (4, 5)),
            ((4, 29), (5, 3)),
            ((6, 22), (6, 24)),
            ((9, 29), (10, 6)),
        ],
        worked: &[(1, 28), (1, 29), (4, 23), (5, 6), (6, 25), (10, 7), (10, 8)],
        spring_festival: (1, 22),
    },
    // 国办发明电〔2023〕7号. 除夕 (2-9) was recommended as paid leave only, so it is a working day.
    Year {
        year: 2024,
        off: &[
            ((1, 1), (1, 1)),
            ((2, 10), (2, 17)),
            ((4, 4), (4, 6)),
            ((5, 1), (5, 5)),
            ((6, 10), (6, 10)),
            ((9, 15), (9, 17)),
            ((10, 1), (10, 7)),
        ],
        worked: &[(2, 4), (2, 18), (4, 7), (4, 28), (5, 11), (9, 14), (9, 29), (10, 12)],
        spring_festival: (2, 10),
    },
    // 国办发明电〔2024〕12号, the first under the regulation that makes 除夕 and 5-2 holidays.
    Year {
        year: 2025,
        off: &[
            ((1, 1), (1, 1)),
            ((1, 28), (2, 4)),
            ((4, 4), (4, 6)),
            ((5, 1), (5, 5)),
            ((5, 31), (6, 2)),
            ((10, 1), (10, 8)),
        ],
        worked: &[(1, 26), (2, 8), (4, 27), (9, 28), (10, 11)],
        spring_festival: (1, 29),
    },
    // 国办发明电〔2025〕7号.
    Year {
        year: 2026,
        off: &[
            ((1, 1), (1, 3)),
            ((2, 15), (2, 23)),
            ((4, 4), (4, 6)),
            ((5, 1), (5, 5)),
            ((6, 19), (6, 21)),
            ((9, 25), (9, 27)),
            ((10, 1), (10, 7)),
        ],
        worked: &[(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)],
        spring_festival: (2, 17),
    },
    // No notice yet: the statutory days of 全国年节及纪念日放假办法 (国务院令第795号) alone. The
    // notice will add bridges and make-up days; holidays on a weekend get substitute days then.
    Year {
        year: 2027,
        off: &[
            ((1, 1), (1, 1)),
            ((2, 5), (2, 8)),
            ((4, 5), (4, 5)),
            ((5, 1), (5, 2)),
            ((6, 9), (6, 9)),
            ((9, 15), (9, 15)),
            ((10, 1), (10, 3)),
        ],
        worked: &[],
        spring_festival: (2, 6),
    },
];
