using System.Globalization;

namespace Deployer.Rehearsal.StepFunctions.Paths;

/// <summary>Reads the text of a path. Every fault is a <see cref="FormatException"/>.</summary>
sealed class JsonPathParser(string text, int start = 0, char root = '$')
{
    int at = start;

    /// <summary>Where the path ended.</summary>
    public int End => at;

    /// <summary>The whole text as one path.</summary>
    public JsonPath Path()
    {
        var path = Prefix();
        return at == text.Length ? path : throw Fault();
    }

    /// <summary>The path at the start of the rest of the text.</summary>
    public JsonPath Prefix()
    {
        var begin = at;
        Expect(root);
        var name = root.ToString();
        if (root == '$' && Peek() == '$')
        {
            at++;
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
        return new JsonPath(text[begin..at], name, steps);
    }

    void Step(List<PathStep> steps)
    {
        if (Peek() == '[')
        {
            steps.Add(Bracket());
            return;
        }
        at++;
        if (Peek() == '.')
        {
            at++;
            steps.Add(new DescendantsStep());
            if (Peek() == '[')
            {
                return;
            }
        }
        if (Peek() == '*')
        {
            at++;
            steps.Add(new WildcardStep());
            return;
        }
        var name = Name();
        if (Peek() == '(' && FunctionStep.Known.Contains(name))
        {
            at++;
            Expect(')');
            steps.Add(new FunctionStep(name));
            return;
        }
        steps.Add(new PropertyStep(name));
    }

    PathStep Bracket()
    {
        Expect('[');
        Spaces();
        PathStep step;
        if (Peek() == '*')
        {
            at++;
            step = new WildcardStep();
        }
        else if (Peek() == '?')
        {
            at++;
            Expect('(');
            var parser = new PathFilterParser(text, at);
            var filter = parser.Filter();
            at = parser.End;
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

    PathStep Names()
    {
        var names = new List<string> { Quoted() };
        while (Comma())
        {
            names.Add(Quoted());
        }
        return names is [var only] ? new PropertyStep(only) : new PropertiesStep(names);
    }

    PathStep Numbers()
    {
        var first = Integer();
        if (Peek() == ':')
        {
            at++;
            var to = Integer();
            var step = 1;
            if (Peek() == ':')
            {
                at++;
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

    bool Comma()
    {
        Spaces();
        if (Peek() != ',')
        {
            return false;
        }
        at++;
        Spaces();
        return true;
    }

    int? Integer()
    {
        var begin = at;
        if (Peek() == '-')
        {
            at++;
        }
        while (char.IsAsciiDigit(Peek()))
        {
            at++;
        }
        return begin == at ? null
            : int.TryParse(text.AsSpan(begin, at - begin), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
            : throw Fault();
    }

    string Quoted()
    {
        var quote = Peek() is '\'' or '"' ? text[at++] : throw Fault();
        var name = new System.Text.StringBuilder();
        while (Peek() != quote)
        {
            if (Peek() == '\\')
            {
                at++;
            }
            name.Append(at < text.Length ? text[at++] : throw Fault());
        }
        at++;
        return name.ToString();
    }

    string Name()
    {
        var begin = at;
        while (IsNamePart(Peek()))
        {
            at++;
        }
        return begin == at ? throw Fault() : text[begin..at];
    }

    static bool IsNameStart(char c) => char.IsLetter(c) || c == '_';

    static bool IsNamePart(char c) => char.IsLetterOrDigit(c) || c is '_' or '-' or '@' or '#' or '/' || c > 127;

    char Peek() => at < text.Length ? text[at] : '\0';

    void Spaces()
    {
        while (Peek() == ' ')
        {
            at++;
        }
    }

    void Expect(char c)
    {
        if (Peek() != c)
        {
            throw Fault();
        }
        at++;
    }

    FormatException Fault() => new($"The value '{text}' is not a valid JSONPath (at position {at})");
}
