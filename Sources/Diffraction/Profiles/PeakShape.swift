import Foundation

/// How a reflection's width and shape follow from the angle.
public enum PeakShape: Sendable, Hashable {
    /// FWHM H² = U tan²θ + V tanθ + W (Caglioti, Paoletti & Ricci 1958).
    case gaussian
    /// FWHM H = X/cosθ + Y tanθ.
    case lorentzian
    /// η L + (1 − η) G of a common Caglioti width.
    case pseudoVoigt
    /// Thompson, Cox & Hastings, J. Appl. Cryst. 20 (1987) 79: Gaussian width of Caglioti with P/cos²θ, Lorentzian
    /// width X/cosθ + Y tanθ; H and η follow from both.
    case thompsonCoxHastings
}

/// Whether a peak has unit area (over degrees 2θ) or unit height.
public enum PeakNormalization: Sendable, Hashable {
    case area
    case height
}

/// The parameters of the peak widths, in degrees 2θ (U V W P in degrees²).
public struct PeakWidths: Sendable, Hashable {
    /// Order of the entries: also of the derivatives that `PeakGeometry` carries.
    package static let names = ["U", "V", "W", "P", "X", "Y", "eta"]
    /// U, V, W, P, X (size, X/cosθ), Y (strain, Y tanθ), η (0–1, of `pseudoVoigt` alone).
    public var values: [Double]

    /// Caglioti's U, V, W (degrees²) and X, Y (degrees) of Thompson, Cox & Hastings (1987).
    public init(
        u: Double = 0, v: Double = 0, w: Double = 0.01, p: Double = 0, x: Double = 0, y: Double = 0,
        eta: Double = 0.5
    ) {
        values = [u, v, w, p, x, y, eta]
    }

    /// `values` with an unused eighth lane.
    var vector: SIMD8<Double> {
        var result = SIMD8<Double>.zero
        for k in values.indices { result[k] = values[k] }
        return result
    }
}

/// FWHM and Lorentzian share of a peak, with derivatives with respect to U, V, W, P, X, Y, η and θ (radians).
struct PeakGeometry {
    var width: Double
    var eta: Double
    var widthDerivatives: SIMD8<Double>
    var etaDerivatives: SIMD8<Double>

    static let thetaLane = 7
    /// No peak is narrower than this, in degrees: where a refinement drives H² below zero.
    static let narrowest = 1e-4

    /// - Parameter p: U, V, W, P, X, Y, η.
    init(shape: PeakShape, widths p: SIMD8<Double>, theta: Double) {
        let (sine, cosine) = (sin(theta), cos(theta))
        let tangent = sine / cosine
        let secantSquared = 1 / (cosine * cosine)
        // H_G² and its derivatives.
        var square = (p[0] * tangent + p[1]) * tangent + p[2]
        var squareDerivatives = SIMD8<Double>(tangent * tangent, tangent, 1, 0, 0, 0, 0, 0)
        squareDerivatives[Self.thetaLane] = (2 * p[0] * tangent + p[1]) * secantSquared
        if shape == .thompsonCoxHastings {
            square += p[3] * secantSquared
            squareDerivatives[3] = secantSquared
            squareDerivatives[Self.thetaLane] += 2 * p[3] * tangent * secantSquared
        }
        // H_L and its derivatives.
        var lorentz = p[4] / cosine + p[5] * tangent
        var lorentzDerivatives = SIMD8<Double>(0, 0, 0, 0, 1 / cosine, tangent, 0, 0)
        lorentzDerivatives[Self.thetaLane] = p[4] * tangent / cosine + p[5] * secantSquared
        if square < Self.narrowest * Self.narrowest {
            square = Self.narrowest * Self.narrowest
            squareDerivatives = .zero
        }
        let gauss = square.squareRoot()
        let gaussDerivatives = squareDerivatives * (0.5 / gauss)
        switch shape {
        case .gaussian:
            (width, eta, widthDerivatives, etaDerivatives) = (gauss, 0, gaussDerivatives, .zero)
        case .lorentzian:
            if lorentz < Self.narrowest {
                lorentz = Self.narrowest
                lorentzDerivatives = .zero
            }
            (width, eta, widthDerivatives, etaDerivatives) = (lorentz, 1, lorentzDerivatives, .zero)
        case .pseudoVoigt:
            (width, eta, widthDerivatives) = (gauss, p[6], gaussDerivatives)
            etaDerivatives = SIMD8(0, 0, 0, 0, 0, 0, 1, 0)
        case .thompsonCoxHastings:
            if lorentz < 0 {
                lorentz = 0
                lorentzDerivatives = .zero
            }
            let (g, l) = (gauss, lorentz)
            let g2 = g * g
            let l2 = l * l
            let fifth =
                g2 * g2 * g + 2.69269 * g2 * g2 * l + 2.42843 * g2 * g * l2 + 4.47163 * g2 * l2 * l
                + 0.07842 * g * l2 * l2 + l2 * l2 * l
            let fifthByG =
                5 * g2 * g2 + 4 * 2.69269 * g2 * g * l + 3 * 2.42843 * g2 * l2 + 2 * 4.47163 * g * l2 * l
                + 0.07842 * l2 * l2
            let fifthByL =
                2.69269 * g2 * g2 + 2 * 2.42843 * g2 * g * l + 3 * 4.47163 * g2 * l2 + 4 * 0.07842 * g * l2
                * l
                + 5 * l2 * l2
            width = pow(fifth, 0.2)
            let root = width / (5 * fifth)
            widthDerivatives = root * (fifthByG * gaussDerivatives + fifthByL * lorentzDerivatives)
            let ratio = l / width
            eta = ratio * (1.36603 + ratio * (-0.47719 + ratio * 0.11116))
            let etaByRatio = 1.36603 + ratio * (-2 * 0.47719 + ratio * 3 * 0.11116)
            etaDerivatives = (etaByRatio / width) * (lorentzDerivatives - ratio * widthDerivatives)
        }
    }
}
