import NumericalMethods
import Testing

@Suite("Vector3") struct Vector3Tests {
    @Test("a cross product is at right angles to both and as long as their parallelogram is large")
    func cross() {
        var random = RandomStream(seed: 4)
        for _ in 0..<200 {
            let a = SIMD3(random.normal(), random.normal(), random.normal())
            let b = SIMD3(random.normal(), random.normal(), random.normal())
            let c = a.cross(b)
            #expect(abs(c.dot(a)) < 1e-12 && abs(c.dot(b)) < 1e-12)
            let area = (a.dot(a) * b.dot(b) - a.dot(b) * a.dot(b)).squareRoot()
            #expect(abs(c.length - area) < 1e-12)
        }
    }

    @Test("what is wrapped lies in [0, 1) and differs by whole numbers, down to the smallest negative number")
    func wrapped() {
        for value in [-1e-30, -1e-17, 0, 0.25, 1, 1.75, -3.2, 1e9 + 0.5] {
            let w = SIMD3(repeating: value).wrapped
            #expect(w.min() >= 0 && w.max() < 1)
            let rest = w.x - value
            #expect(abs(rest - rest.rounded()) < 1e-6)
        }
    }

    @Test("the nearest image is no longer than half a translation")
    func nearestImage() {
        for value in [-0.5, -0.49, 0.51, 2.5, 7.3, -1e6 + 0.2] {
            #expect(abs(SIMD3(repeating: value).nearestImage.x) <= 0.5)
        }
    }
}
