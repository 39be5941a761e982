import NumericalMethods

/// By what texture multiplies the intensity of every reflection, and how that follows its coefficients.
struct TextureFactors {
    /// As many as a triclinic crystal has functions up to order 8, and some over.
    typealias Functions = SIMD64<Double>

    /// No reflection is weakened below this: harmonics that end at some order can become negative.
    private static let least = 0.02

    private let functions: [Functions]
    private(set) var values: [Double]
    /// ∂value/∂C; 0 where the value is held.
    private(set) var byCoefficient: [Functions]

    init(_ texture: HarmonicTexture, reflections: ReflectionList) {
        functions = reflections.indices.map { index in
            var lanes = Functions.zero
            for (k, value) in texture.functions(at: index).enumerated() { lanes[k] = value }
            return lanes
        }
        values = [Double](repeating: 1, count: functions.count)
        byCoefficient = functions
    }

    mutating func update(_ texture: HarmonicTexture) {
        var coefficients = Functions.zero
        for (k, value) in texture.values.enumerated() { coefficients[k] = value }
        for h in functions.indices {
            let value = 1 + (functions[h] * coefficients).sum()
            let isHeld = !(value > Self.least)
            values[h] = isHeld ? Self.least : value
            byCoefficient[h] = isHeld ? .zero : functions[h]
        }
    }
}
