/// Colours that stay apart for every kind of colour vision (Okabe & Ito 2008).
package enum PlotColor {
    package static let observed = "#404040"
    package static let calculated = "#D55E00"
    package static let difference = "#0072B2"
    package static let background = "#009E73"
    /// One a phase, in turn.
    package static let phases = ["#CC79A7", "#56B4E9", "#E69F00", "#009E73", "#0072B2", "#000000"]
    /// Apart from each other and from every colour of the map below them.
    package static let paths = ["#D55E00", "#56B4E9", "#CC79A7", "#009E73", "#E69F00", "#000000"]
    /// A scale of even steps in lightness that reads the same for every kind of colour vision (cividis: Nuñez,
    /// Anderton & Renslow, PLoS ONE 13 (2018) e0199239), as gnuplot's `set palette defined` takes it.
    package static let cividis =
        "0 '#00224E', 0.125 '#123570', 0.25 '#3B496C', 0.375 '#575D6D', 0.5 '#707173', 0.625 '#8A8678', 0.75 '#A59C74', 0.875 '#C3B369', 1 '#FEE838'"

    private static let cividisStops: [SIMD3<Double>] = [
        SIMD3(0x00, 0x22, 0x4E), SIMD3(0x12, 0x35, 0x70), SIMD3(0x3B, 0x49, 0x6C), SIMD3(0x57, 0x5D, 0x6D),
        SIMD3(0x70, 0x71, 0x73), SIMD3(0x8A, 0x86, 0x78), SIMD3(0xA5, 0x9C, 0x74), SIMD3(0xC3, 0xB3, 0x69),
        SIMD3(0xFE, 0xE8, 0x38),
    ]

    /// The same scale from 0 to 1, `#00224E` to `#FEE838`.
    package static func cividis(_ share: Double) -> String {
        let place = max(0, min(1, share)) * Double(cividisStops.count - 1)
        let k = min(Int(place), cividisStops.count - 2)
        let color = cividisStops[k] + (place - Double(k)) * (cividisStops[k + 1] - cividisStops[k])
        return "#"
            + (0..<3).map { String(Int(color[$0].rounded()), radix: 16, uppercase: true) }
            .map { $0.count < 2 ? "0" + $0 : $0 }.joined()
    }
}
