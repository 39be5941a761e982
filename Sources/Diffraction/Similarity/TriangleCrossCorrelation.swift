/// c_xy / √(c_xx c_yy) with the cross-correlation c_xy = Σ_ij x_i w(2θ_i − 2θ_j) y_j under the triangle
/// w(r) = 1 − |r|/l for |r| < l (de Gelder, Wehrens & Hageman, J. Comput. Chem. 22 (2001) 273): 1 for proportional
/// patterns, 0 where no intensity is within l of the other's. Blind to scale; sees neighbouring peaks.
package struct TriangleCrossCorrelation: SimilarityKernel {
    private let twoTheta: [Double]
    /// W y and c_yy of the target.
    private let smoothed: [Double]
    private let norm: Double
    private let halfWidth: Double

    /// - Parameter halfWidth: l in degrees 2θ.
    package init(target: [Double], twoTheta: [Double], halfWidth: Double = 0.6) {
        self.twoTheta = twoTheta
        self.halfWidth = halfWidth
        var smoothed = [Double](repeating: 0, count: target.count)
        smoothed.withUnsafeMutableBufferPointer { out in
            if let base = out.baseAddress { Self.smooth(target, twoTheta, halfWidth, into: base) }
        }
        self.smoothed = smoothed
        norm = zip(target, smoothed).reduce(0) { $0 + $1.0 * $1.1 }.squareRoot()
    }

    package func evaluate(_ calculated: [Double], gradient: UnsafeMutablePointer<Double>?) -> Double {
        withUnsafeTemporaryAllocation(of: Double.self, capacity: calculated.count) { own in
            guard let base = own.baseAddress else { return 0 }
            Self.smooth(calculated, twoTheta, halfWidth, into: base)
            var (product, square) = (0.0, 0.0)
            for i in calculated.indices {
                product += calculated[i] * smoothed[i]
                square += calculated[i] * base[i]
            }
            guard square > 0, norm > 0 else {
                gradient?.update(repeating: 0, count: calculated.count)
                return 0
            }
            let inverse = 1 / (square.squareRoot() * norm)
            let value = product * inverse
            if let gradient {
                for i in calculated.indices { gradient[i] = smoothed[i] * inverse - value * base[i] / square }
            }
            return value
        }
    }

    /// Σ x W y and Σ x W x: the value is the first over the root of the second and `targetNorm`.
    package func moments(_ calculated: [Double]) -> (product: Double, square: Double) {
        withUnsafeTemporaryAllocation(of: Double.self, capacity: calculated.count) { own in
            guard let base = own.baseAddress else { return (0, 0) }
            Self.smooth(calculated, twoTheta, halfWidth, into: base)
            var (product, square) = (0.0, 0.0)
            for i in calculated.indices {
                product += calculated[i] * smoothed[i]
                square += calculated[i] * base[i]
            }
            return (product, square)
        }
    }

    /// √(Σ y W y) of the target.
    package var targetNorm: Double { norm }

    /// (W x)_i in one pass over any ascending grid, by running sums of x and 2θ · x over both halves of the window.
    private static func smooth(
        _ x: [Double], _ t: [Double], _ l: Double, into out: UnsafeMutablePointer<Double>
    ) {
        let n = x.count
        // Angles are taken from the window's middle so that the running first moments do not cancel.
        let origin = n > 0 ? t[n / 2] : 0
        var (leftSum, leftMoment, rightSum, rightMoment) = (0.0, 0.0, 0.0, 0.0)
        var (left, right) = (0, 0)
        for i in 0..<n {
            let here = t[i] - origin
            // x_i enters the left half, and leaves the right one.
            leftSum += x[i]
            leftMoment += here * x[i]
            while t[i] - t[left] >= l {
                leftSum -= x[left]
                leftMoment -= (t[left] - origin) * x[left]
                left += 1
            }
            while right < n, t[right] - t[i] < l {
                rightSum += x[right]
                rightMoment += (t[right] - origin) * x[right]
                right += 1
            }
            rightSum -= x[i]
            rightMoment -= here * x[i]
            out[i] =
                leftSum - (here * leftSum - leftMoment) / l + rightSum - (rightMoment - here * rightSum) / l
        }
    }
}
