import Foundation

/// A line of a pattern as indexing takes it.
public struct IndexingLine: Sendable, Hashable, Codable {
    /// Degrees 2θ; nil where lines were given as d without a wavelength.
    public var twoTheta: Double?
    /// Standard uncertainty, degrees 2θ.
    public var sigma: Double
    /// Integrated, in any unit; nil where it is not known.
    public var intensity: Double?
    /// That it is a line of a crystal and no noise, nor another line of the spectrum; from 0 to 1.
    public var probability: Double
    /// Q = 1/d², Å⁻².
    public var q: Double
    /// Standard uncertainty of Q, Å⁻².
    public var qSigma: Double

    /// A line at an angle (degrees 2θ, above 0 and below 180) under a wavelength in Å.
    public init(
        twoTheta: Double, sigma: Double, wavelength: Double, intensity: Double? = nil, probability: Double = 1
    ) {
        let theta = twoTheta * .pi / 360
        let s = 2 * sin(theta) / wavelength
        self.twoTheta = twoTheta
        self.sigma = sigma
        self.intensity = intensity
        self.probability = probability
        q = s * s
        qSigma = 2 * sin(2 * theta) / (wavelength * wavelength) * sigma * .pi / 180
    }

    /// dQ/d(2θ) per degree: how Q moves with the zero of the scale; 0 where no angle is known.
    package var zeroSlope: Double { twoTheta != nil && sigma > 0 ? qSigma / sigma : 0 }

    /// Where the line would stand on a scale without this zero (degrees 2θ, added to calculated angles).
    package func corrected(forZero zero: Double) -> IndexingLine {
        var line = self
        line.q -= zeroSlope * zero
        return line
    }
}
