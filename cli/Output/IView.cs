namespace Deployer.Cli.Output;

/// <summary>The form of a result that people read. The other form, its JSON document, is the result's own type.</summary>
internal interface IView<in T>
{
    /// <summary>Writes the result.</summary>
    void Show(T result, Screen screen);
}
