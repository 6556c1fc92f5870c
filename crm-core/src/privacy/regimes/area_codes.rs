//! The area codes of the North American Numbering Plan, for the states and provinces that have rules of their own.
//!
//! Source: the assignments of the North American Numbering Plan Administrator, 2026. Florida's law presumes that a
//! number with one of its area codes belongs to a resident (Fla. Stat. 501.059(8)(d)); we presume so for all.

use super::place::Place;

/// A place with its area codes, sorted.
pub(super) type AreaCodes = (Place, &'static [u16]);

/// All area codes that the table knows.
pub(super) const AREA_CODES: &[AreaCodes] = &[
    (
        Place::of("US-CA"),
        &[
            209, 213, 279, 310, 323, 341, 350, 357, 369, 408, 415, 424, 442, 510, 530, 559, 562, 619, 626,
            628, 650, 657, 661, 669, 707, 714, 738, 747, 760, 805, 818, 820, 831, 837, 840, 858, 909, 916,
            925, 949, 951,
        ],
    ),
    (Place::of("US-CO"), &[303, 719, 720, 970, 983]),
    (Place::of("US-CT"), &[203, 475, 860, 959]),
    (Place::of("US-DE"), &[302]),
    (
        Place::of("US-FL"),
        &[
            239, 305, 321, 324, 352, 386, 407, 448, 561, 645, 656, 689, 727, 728, 754, 772, 786, 813, 850,
            863, 904, 941, 954,
        ],
    ),
    (Place::of("US-MD"), &[227, 240, 301, 410, 443, 667]),
    (Place::of("US-MS"), &[228, 471, 601, 662, 769]),
    (Place::of("US-MT"), &[406]),
    (Place::of("US-NE"), &[308, 402, 531]),
    (Place::of("US-NH"), &[603]),
    (Place::of("US-NJ"), &[201, 551, 609, 640, 732, 848, 856, 862, 908, 973]),
    (
        Place::of("US-NY"),
        &[
            212, 315, 329, 332, 347, 363, 516, 518, 585, 607, 624, 631, 646, 680, 716, 718, 838, 845, 914,
            917, 929, 934,
        ],
    ),
    (Place::of("US-OK"), &[405, 539, 572, 580, 918]),
    (Place::of("US-OR"), &[458, 503, 541, 971]),
    (Place::of("US-RI"), &[401]),
    (
        Place::of("US-TX"),
        &[
            210, 214, 254, 281, 325, 346, 361, 409, 430, 432, 469, 512, 621, 682, 713, 726, 737, 806, 817,
            830, 832, 903, 915, 936, 940, 945, 956, 972, 979,
        ],
    ),
    (Place::of("US-VA"), &[276, 434, 540, 571, 686, 703, 757, 804, 826, 948]),
    (Place::of("US-WA"), &[206, 253, 360, 425, 509, 564]),
    (Place::of("CA-AB"), &[368, 403, 587, 780, 825]),
    (Place::of("CA-BC"), &[236, 250, 257, 604, 672, 778]),
    (
        Place::of("CA-ON"),
        &[226, 249, 289, 343, 365, 382, 416, 437, 519, 548, 613, 647, 683, 705, 742, 753, 807, 905, 942],
    ),
    (Place::of("CA-QC"), &[263, 354, 367, 418, 438, 450, 468, 514, 579, 581, 819, 873]),
];
