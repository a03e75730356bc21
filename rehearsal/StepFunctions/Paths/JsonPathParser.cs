using System.Globalization;

namespace Deployer.Rehearsal.StepFunctions.Paths;

/// <summary>Reads the text of a path. Every fault is a <see cref="FormatException"/>.</summary>
internal sealed class JsonPathParser(string text, int start = 0, char root = '$')
{
    private int _at = start;

    /// <summary>Where the path ended.</summary>
    public int End => _at;

    /// <summary>The whole text as one path.</summary>
    public JsonPath Path()
    {
        var path = Prefix();
        return _at == text.Length ? path : throw Fault();
    }

    /// <summary>The path at the start of the rest of the text.</summary>
    public JsonPath Prefix()
    {
        var begin = _at;
        Expect(root);
        var name = root.ToString();
        if (root == '$' && Peek() == '$')
        {
            _at++;
            name = "$$";
        }
        else if (root == '$' && IsNameStart(Peek()))
        {
            name += Name();
        }

        var steps = new List<PathStep>();
        while (Peek() is '.' or '[')
        {
            Step(steps);
        }

        if (steps.Take(Math.Max(0, steps.Count - 1)).Any(s => s is FunctionStep) || steps is [.., DescendantsStep])
        {
            throw Fault();
        }

        return new JsonPath(text[begin.._at], name, steps);
    }

    private void Step(List<PathStep> steps)
    {
        if (Peek() == '[')
        {
            steps.Add(Bracket());
            return;
        }

        _at++;
        if (Peek() == '.')
        {
            _at++;
            steps.Add(new DescendantsStep());
            if (Peek() == '[')
            {
                return;
            }
        }

        if (Peek() == '*')
        {
            _at++;
            steps.Add(new WildcardStep());
            return;
        }

        var name = Name();
        if (Peek() == '(' && FunctionStep.Known.Contains(name))
        {
            _at++;
            Expect(')');
            steps.Add(new FunctionStep(name));
            return;
        }

        steps.Add(new PropertyStep(name));
    }

    private PathStep Bracket()
    {
        Expect('[');
        Spaces();
        PathStep step;
        if (Peek() == '*')
        {
            _at++;
            step = new WildcardStep();
        }
        else if (Peek() == '?')
        {
            _at++;
            Expect('(');
            var parser = new PathFilterParser(text, _at);
            var filter = parser.Filter();
            _at = parser.End;
            Expect(')');
            step = new FilterStep(filter);
        }
        else
        {
            step = Peek() is '\'' or '"' ? Names() : Numbers();
        }

        Spaces();
        Expect(']');
        return step;
    }

    private PathStep Names()
    {
        var names = new List<string> { Quoted() };
        while (Comma())
        {
            names.Add(Quoted());
        }

        return names is [var only] ? new PropertyStep(only) : new PropertiesStep(names);
    }

    private PathStep Numbers()
    {
        var first = Integer();
        if (Peek() == ':')
        {
            _at++;
            var to = Integer();
            var step = 1;
            if (Peek() == ':')
            {
                _at++;
                step = Integer() ?? 1;
            }

            return step > 0 ? new SliceStep(first, to, step) : throw Fault();
        }

        var indexes = new List<int> { first ?? throw Fault() };
        while (Comma())
        {
            indexes.Add(Integer() ?? throw Fault());
        }

        return new IndexStep(indexes);
    }

    private bool Comma()
    {
        Spaces();
        if (Peek() != ',')
        {
            return false;
        }

        _at++;
        Spaces();
        return true;
    }

    private int? Integer()
    {
        var begin = _at;
        if (Peek() == '-')
        {
            _at++;
        }

        while (char.IsAsciiDigit(Peek()))
        {
            _at++;
        }

        return begin == _at ? null
            : int.TryParse(text.AsSpan(begin, _at - begin), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? number
            : throw Fault();
    }

    private string Quoted()
    {
        var quote = Peek() is '\'' or '"' ? text[_at++] : throw Fault();
        var name = new System.Text.StringBuilder();
        while (Peek() != quote)
        {
            if (Peek() == '\\')
            {
                _at++;
            }

            name.Append(_at < text.Length ? text[_at++] : throw Fault());
        }

        _at++;
        return name.ToString();
    }

    private string Name()
    {
        var begin = _at;
        while (IsNamePart(Peek()))
        {
            _at++;
        }

        return begin == _at ? throw Fault() : text[begin.._at];
    }

    private static bool IsNameStart(char c) => char.IsLetter(c) || c == '_';

    private static bool IsNamePart(char c) => char.IsLetterOrDigit(c) || c is '_' or '-' or '@' or '#' or '/' || c > 127;

    private char Peek() => _at < text.Length ? text[_at] : '\0';

    private void Spaces()
    {
        while (Peek() == ' ')
        {
            _at++;
        }
    }

    private void Expect(char c)
    {
        if (Peek() != c)
        {
            throw Fault();
        }

        _at++;
    }

    private FormatException Fault() => new($"The value '{text}' is not a valid JSONPath (at position {_at})");
}
