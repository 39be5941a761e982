import Foundation

/// B_n(d) = e(d/r) √(2/r) sin(w_n d/r)/d with the envelope e(x) = 1 − 45x⁸ + 80x⁹ − 36x¹⁰, whose value and first
/// two derivatives vanish at the cut-off r (Gasteiger et al., ICLR 2020, with p = 8).
struct RadialBasis {
    let frequencies: [Double]
    let cutoff: Double

    /// Fills values and derivatives (1/Å) of one distance.
    func evaluate(
        _ distance: Double, values: UnsafeMutablePointer<Double>, derivatives: UnsafeMutablePointer<Double>
    ) {
        let x = distance / cutoff
        guard x < 1 else { return }
        let x7 = x * x * x * x * x * x * x
        let envelope = 1 + x7 * x * (-45 + x * (80 - 36 * x))
        let slope = x7 * (-360 + x * (720 - 360 * x)) / cutoff
        let factor = (2 / cutoff).squareRoot() / distance
        for (n, w) in frequencies.enumerated() {
            let (s, c) = (sin(w * x), cos(w * x))
            values[n] = factor * envelope * s
            derivatives[n] = factor * (slope * s + envelope * (c * w / cutoff - s / distance))
        }
    }
}

/// [1/√2, sin f_m θ …, cos f_m θ …]/√π.
struct AngularBasis {
    let frequencies: [Double]

    func evaluate(
        _ angle: Double, values: UnsafeMutablePointer<Double>, derivatives: UnsafeMutablePointer<Double>
    ) {
        let scale = 1 / Double.pi.squareRoot()
        let count = frequencies.count
        values[0] = scale * 0.5.squareRoot()
        derivatives[0] = 0
        for (m, f) in frequencies.enumerated() {
            let (s, c) = (scale * sin(f * angle), scale * cos(f * angle))
            values[1 + m] = s
            values[1 + count + m] = c
            derivatives[1 + m] = f * c
            derivatives[1 + count + m] = -f * s
        }
    }
}
