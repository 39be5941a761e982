/// A named number that a crystallographer may set, refine, scan or fix.
public struct Parameter: Sendable, Hashable {
    /// ASCII, as it is typed: `a`, `beta`, `O1.x`, `Ti2.z`, `O1.B`.
    public var name: String
    /// In `unit`.
    public var value: Double
    /// What it is a parameter of; its unit follows.
    public let kind: ParameterKind
    /// The values that it may take, in `unit`.
    public var bounds: ClosedRange<Double>
    /// What it does: `a = b = c`, or the site's formula `x,2x,1/4`.
    public var formula: String
    /// One unit of the vector that optimisers see is this much of `value`; chosen so that a scaled step of 1
    /// moves an atom or a lattice point by about 1 Å.
    public var scale: Double

    /// A named number of the model with unit, bounds and the formula that it stands in.
    package init(
        name: String, value: Double, kind: ParameterKind, bounds: ClosedRange<Double>, formula: String,
        scale: Double = 1
    ) {
        self.name = name
        self.value = value
        self.kind = kind
        self.bounds = bounds
        self.formula = formula
        self.scale = scale
    }

    /// `Å`, `°`, `Å²`, or empty for a fractional coordinate.
    public var unit: String { kind.unit }

    /// The ASCII name of a parameter typed with Greek letters: `β` is `beta`.
    package static func asciiName(_ name: String) -> String {
        var result = name
        for (greek, ascii) in [("α", "alpha"), ("β", "beta"), ("γ", "gamma")] {
            result = result.replacing(greek, with: ascii)
        }
        return result
    }
}
