import NumericalMethods

/// What anisotropic microstrain adds to U and Y of every reflection, and how that follows the invariants.
struct StrainWidths {
    /// As many as a triclinic crystal has invariants, and one lane over.
    typealias Invariants = SIMD16<Double>

    /// No smaller square counts, degrees²: where the values are no variance.
    private static let leastSquare = PeakGeometry.narrowest * PeakGeometry.narrowest

    private let forms: [Invariants]
    /// v: the square of the width at tanθ = 1, degrees².
    private var squares: [Double]
    /// ∂v/∂S; 0 where v is held.
    private(set) var byInvariant: [Invariants]
    private var share = 1.0
    private let isMixed: Bool

    init(_ strain: AnisotropicMicrostrain, shape: PeakShape, reflections: ReflectionList) {
        forms = reflections.indices.map { index in
            var lanes = Invariants.zero
            for (k, value) in strain.invariants.values(at: index).enumerated() { lanes[k] = value }
            return lanes
        }
        squares = [Double](repeating: 0, count: forms.count)
        byInvariant = [Invariants](repeating: .zero, count: forms.count)
        isMixed = shape == .thompsonCoxHastings
        share = shape == .lorentzian ? 1 : 0
    }

    /// - Parameter q: of every reflection, Å⁻².
    mutating func update(_ strain: AnisotropicMicrostrain, q: (Int) -> Double) {
        if isMixed { share = strain.lorentzianShare }
        var values = Invariants.zero
        for (k, value) in strain.values.enumerated() { values[k] = value }
        let unit = AnisotropicMicrostrain.degrees * AnisotropicMicrostrain.degrees
        for h in forms.indices {
            let factor = unit / (16 * q(h) * q(h))
            let square = factor * (forms[h] * values).sum()
            let isHeld = !(square > Self.leastSquare)
            squares[h] = isHeld ? Self.leastSquare : square
            byInvariant[h] = isHeld ? .zero : factor * forms[h]
        }
    }

    /// What a reflection's U (degrees²) and Y (degrees) grow by.
    func added(_ h: Int) -> (u: Double, y: Double) {
        ((1 - share) * (1 - share) * squares[h], share * squares[h].squareRoot())
    }

    /// Of U and Y with respect to v; 0 where v is held.
    func bySquare(_ h: Int) -> (u: Double, y: Double) {
        guard squares[h] > Self.leastSquare else { return (0, 0) }
        return ((1 - share) * (1 - share), 0.5 * share / squares[h].squareRoot())
    }

    /// Of U and Y with respect to the Lorentzian share.
    func byShare(_ h: Int) -> (u: Double, y: Double) {
        isMixed ? (-2 * (1 - share) * squares[h], squares[h].squareRoot()) : (0, 0)
    }

    /// Of U and Y with respect to q: v falls with its square.
    func byQ(_ h: Int, q: Double) -> (u: Double, y: Double) {
        let slope = bySquare(h)
        let squareByQ = -2 * squares[h] / q
        return (slope.u * squareByQ, slope.y * squareByQ)
    }
}
