function fit()
    try
        error("no price")
    catch
        throw(ArgumentError("no price in 'survey.csv'"))
    end
end

fit()
