using System.Globalization;

namespace Deployer.Rehearsal.EventBridge.Schedules;

/// <summary>The values that one field of a cron expression stands for: lists, ranges, steps, names and <c>*</c>.</summary>
internal sealed class CronField
{
    private readonly SortedSet<int> _values;

    private CronField(SortedSet<int> values) => _values = values;

    internal IReadOnlyCollection<int> Values => _values;

    internal bool Has(int value) => _values.Contains(value);

    /// <exception cref="FormatException">Names the field and what is wrong.</exception>
    internal static CronField Parse(string name, string text, int least, int most, string[]? names = null)
    {
        var values = new SortedSet<int>();
        foreach (var item in text.Split(','))
        {
            var (range, step) = item.Split('/') switch
            {
                [var whole] => (whole, 0),
                [var start, var every] => (start, Number(every, 1, most - least + 1)),
                _ => throw Wrong(item),
            };
            var (from, to) = range.Split('-') switch
            {
                ["*"] => (least, most),
                [var single] => (Value(single), step > 0 ? most : Value(single)),
                [var first, var last] => (Value(first), Value(last)),
                _ => throw Wrong(item),
            };
            for (var value = from; ; value = value == most ? least : value + 1)
            {
                if (step <= 1 || (value - from + (value < from ? most - least + 1 : 0)) % step == 0)
                {
                    values.Add(value);
                }

                if (value == to)
                {
                    break;
                }
            }
        }

        return new CronField(values);

        int Value(string word)
        {
            var index = names is null ? -1 : Array.IndexOf(names, word.ToUpperInvariant());
            return index >= 0 ? index + least : Number(word, least, most);
        }

        int Number(string word, int low, int high) =>
            int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= low && number <= high
                ? number
                : throw Wrong(word);

        FormatException Wrong(string item) => new($"the field '{name}' of a cron expression does not take '{item}'");
    }
}
