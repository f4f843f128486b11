import Testing

@testable import MemScopeReport

/// Patterns of suppressions, as LeakSanitizer has them.
@Suite struct SuppressionPatternTests {
    @Test(arguments: [
        ("lose", "do_lose_it()"), ("^lose", "lose()"), ("()$", "lose()"), ("^lose()$", "lose()"), ("l*e", "do lose it"),
        ("^l*()$", "lose()"), ("^*lose", "do_lose"), ("lose*$", "lose()"), ("lo$", "lo lo"), ("*", "x"), ("^", "x"),
        // What other patterns give a meaning has none here.
        ("lose_array(int (&) [3])", "lose_array(int (&) [3])"), ("what?", "so what?"), ("back\\slash", "back\\slash"),
        ("[ab]", "x[ab]y"), ("a*b*c", "aXbXXc"), ("e$ what comes after", "lose"), ("é*ü", "éaü"),
    ])
    func `a pattern is part of a text`(pattern: String, text: String) {
        #expect(SuppressionPattern(pattern).matches(text))
    }

    @Test(arguments: [
        ("lose", "LOSE"), ("^lose", "do_lose"), ("lose$", "lose()"), ("^lose$", "lose lose"), ("a*b", "b a"),
        ("$", "x"),
        ("^$", "x"), ("what?", "whatx"), ("[ab]", "a"), ("a\\b", "ab"), ("ab*ba$", "aba"), ("*", ""), ("long", "lon"),
    ])
    func `and not of another`(pattern: String, text: String) {
        #expect(!SuppressionPattern(pattern).matches(text))
    }
}
