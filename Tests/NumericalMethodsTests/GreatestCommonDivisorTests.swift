import NumericalMethods
import Testing

@Suite("Greatest common divisors") struct GreatestCommonDivisorTests {
    @Test("the largest number that divides both, found by trying all")
    func bruteForce() {
        for a in -30...30 {
            for b in -30...30 where a != 0 || b != 0 {
                let largest = (1...30).last { a % $0 == 0 && b % $0 == 0 }
                #expect(greatestCommonDivisor(a, b) == largest, "\(a), \(b)")
            }
        }
    }

    @Test("one where there is nothing to divide, and no overflow at the ends of the integers")
    func ends() {
        #expect(greatestCommonDivisor(0, 0) == 1)
        #expect(greatestCommonDivisor(.max, .max) == .max)
        #expect(greatestCommonDivisor(.min, 6) == 2)
    }
}
